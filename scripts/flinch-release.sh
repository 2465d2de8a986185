#!/usr/bin/env bash
# shellcheck source-path=SCRIPTDIR
# Versions of Flinch and of its models, side by side: installs one, switches to it, and goes back.
#
#   flinch-release.sh [--models] [--prefix DIR] [--dry-run] COMMAND
#
#   install BUNDLE [--sha256 HEX]   unpack a bundle beside the others; nothing is switched
#   upgrade BUNDLE [--sha256 HEX]   the same, then switch to it
#   switch VERSION [--force]        make it current and restart; --force: whatever its doctor finds
#   rollback                        back to the version before
#   list                            what is there
#   prune [--keep N]                remove old ones, all but the newest N (3), current and previous
#
#   --models      the models' versions (<prefix>/models) instead of Flinch's own (<prefix>/releases)
#   --prefix DIR  /opt/flinch
#
# Ends with 0, or with one line that says what to do. docs/jetson-setup.md explains upgrade and roll-back.
# NOT YET RUN ON THE HARDWARE.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)
source "$here/jetson/places.sh"
source "$here/jetson/say.sh"
source "$here/jetson/versions.sh"
source "$here/release/store.sh"
source "$here/release/switch.sh"
source "$here/release/bundle.sh"
source "$here/release/onnxruntime.sh"

usage() { sed -n '3,/^set /{/^set /d;s/^# \{0,1\}//p}' "${BASH_SOURCE[0]}"; }

prefix=$ROOT/opt/flinch
kind=releases
keep=3
force='' sha256='' words=()
while (($# > 0)); do
  case $1 in
    --models) kind=models ;;
    --dry-run) mode=dry-run ;;
    --force) force=--force ;;
    --prefix | --keep | --sha256)
      (($# > 1)) || die "$1 needs a value"
      case $1 in
        --prefix) takes '/.+' "$@" && prefix=$ROOT${2%/} ;;
        --keep) takes '[0-9]+' "$@" && keep=$2 ;;
        --sha256) takes '[0-9a-f]{64}' "$@" && sha256=$2 ;;
      esac
      shift
      ;;
    -h | --help)
      usage
      exit 0
      ;;
    -*) die "unknown option '$1'; --help lists them" ;;
    *) words+=("$1") ;;
  esac
  shift
done
use_store "$kind"

# Two at once would undo each other.
if [[ ${words[0]-} != list && $mode != dry-run && -d $prefix ]]; then
  exec 9>"$prefix/.lock"
  flock -n 9 || die "another installation is under way: wait for it"
fi

case ${words[0]-} in
  install | upgrade)
    file=${words[1]-}
    [[ -n $file ]] || die "${words[0]} needs a bundle"
    [[ $mode != dry-run ]] || die "what a bundle holds is not known before it is unpacked: ${words[0]} has no --dry-run"
    wanted=$kind
    mkdir -p "$prefix"
    trap drop_unpacked EXIT
    unpack_bundle "$file" "$sha256"
    [[ $bundle_kind == "$wanted" ]] || die "$file holds $bundle_kind: $([[ $bundle_kind == models ]] && echo add || echo leave out) --models"
    install_unpacked
    [[ ${words[0]} == install ]] || switch_to "$bundle_version" "$force"
    ;;
  switch)
    [[ -n ${words[1]-} ]] || die "switch needs a version; list says which there are"
    switch_to "${words[1]}" "$force"
    ;;
  rollback) rollback ;;
  list) list_versions ;;
  prune) prune "$keep" ;;
  '') die "what is to be done? --help lists the commands" ;;
  *) die "unknown command '${words[0]}'; --help lists them" ;;
esac

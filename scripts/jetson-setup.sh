#!/usr/bin/env bash
# shellcheck source-path=SCRIPTDIR
# Sets a Jetson up to run Flinch as a service. NOT YET RUN ON THE HARDWARE: read it before you run it.
#
#   sudo scripts/jetson-setup.sh [OPTIONS]
#
#   --check                  say what is there and what is missing; change nothing, end with 1 if anything is
#   --dry-run                print every command that would change something, and run none of them
#   --onnxruntime [VERSION]  also build ONNX Runtime with CUDA and TensorRT (hours; without it, the CPU works)
#   --warm                   build TensorRT's engines now (flinch warm), and at every start of the machine
#   --offline BUNDLE         install this bundle of scripts/make-bundle.sh, without a network
#   --sha256 HEX             the bundle's hash, where no BUNDLE.sha256 lies beside it
#   --power-mode N           set the power mode (nvpmodel -m N)
#   --clocks                 hold the clocks at the highest of that mode, after restarts too (jetson_clocks)
#   --keep N                 keep this many old releases (3)
#   --prefix DIR             where Flinch is installed (/opt/flinch)
#   --uninstall [--purge]    take everything away; --purge: configuration, state and user as well
#
# It can be run again at any time: a step that is done is left alone, and one that was cut off is finished.
# docs/jetson-setup.md explains the steps, the versions, upgrade and roll-back.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)
source_dir=${here%/*}
source "$here/jetson/places.sh"
source "$here/jetson/say.sh"
source "$here/jetson/versions.sh"
source "$here/jetson/detect.sh"
source "$here/jetson/packages.sh"
source "$here/jetson/node.sh"
source "$here/jetson/onnxruntime.sh"
source "$here/jetson/flinch.sh"
source "$here/jetson/service.sh"
source "$here/jetson/power.sh"
source "$here/jetson/uninstall.sh"
source "$here/release/source.sh"
source "$here/release/store.sh"
source "$here/release/switch.sh"
source "$here/release/bundle.sh"
source "$here/release/onnxruntime.sh"

usage() { sed -n '3,/^set /{/^set /d;s/^# \{0,1\}//p}' "${BASH_SOURCE[0]}"; }

mode=install action=install
installed=/opt/flinch
onnxruntime=no onnxruntime_version=''
offline='' sha256='' unpacked=''
warm=no clocks=no purge=no power_mode='' keep=3
while (($# > 0)); do
  case $1 in
    --check) mode=check ;;
    --dry-run) mode=dry-run ;;
    --warm) warm=yes ;;
    --clocks) clocks=yes ;;
    --uninstall) action=uninstall ;;
    --purge) purge=yes ;;
    --onnxruntime)
      onnxruntime=yes
      if [[ ${2-} =~ ^[0-9]+\.[0-9]+\.[0-9]+$ ]]; then
        onnxruntime_version=$2
        shift
      fi
      ;;
    --offline | --sha256 | --power-mode | --keep | --prefix)
      (($# > 1)) || die "$1 needs a value"
      case $1 in
        --offline) offline=$2 ;;
        --sha256) takes '[0-9a-f]{64}' "$@" && sha256=$2 ;;
        --power-mode) takes '[0-9]+' "$@" && power_mode=$2 ;;
        --keep) takes '[0-9]+' "$@" && keep=$2 ;;
        --prefix) takes '/.+' "$@" && installed=${2%/} ;;
      esac
      shift
      ;;
    -h | --help)
      usage
      exit 0
      ;;
    *) die "unknown option '$1'; --help lists them" ;;
  esac
  shift
done
[[ $purge == no || $action == uninstall ]] || die "--purge goes with --uninstall"
[[ $action == install || $mode != check ]] || die "--uninstall goes with --dry-run, not with --check"
prefix=$ROOT$installed
STAMPS=$prefix/.setup

if [[ $mode == install ]]; then
  ((EUID == 0)) || [[ -n $ROOT ]] || die "run it as root: sudo $0"
  [[ $action == uninstall || $(uname -m) == aarch64 ]] || die "a Jetson is aarch64, this is $(uname -m)"
fi

if [[ $action == uninstall ]]; then
  uninstall
  heading "Done"
  exit 0
fi

detect
if [[ $mode == install ]]; then
  mkdir -p "$prefix"
  # Two at once would undo each other.
  exec 9>"$prefix/.lock"
  flock -n 9 || die "another installation is under way: wait for it"
  if [[ -n $offline ]]; then
    trap drop_unpacked EXIT
    unpack_bundle "$offline" "$sha256"
    [[ $bundle_kind == releases ]] || die "$offline holds $bundle_kind: install it with scripts/flinch-release.sh --models"
  fi
elif [[ -n $offline ]]; then
  die "what a bundle holds is not known before it is unpacked: --offline goes with neither --check nor --dry-run"
fi
install_packages
install_node
build_onnxruntime
# Before Flinch, because the doctor that judges a new release runs as the service's user.
install_service
install_flinch
set_power_mode
set_clocks
warm_engines
run_doctor

heading "Done"
case $mode in
  check)
    note "$missing things are missing"
    ((missing == 0)) || exit 1
    ;;
  dry-run) note "nothing was changed" ;;
  install) note "edit $CONFIG_DIR/flinch.json, then: systemctl enable --now flinch; journalctl -fu flinch" ;;
esac

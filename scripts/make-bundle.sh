#!/usr/bin/env bash
# shellcheck source-path=SCRIPTDIR
# Writes a bundle that installs Flinch, or models alone, on a machine without a network.
#
#   scripts/make-bundle.sh [--arch arm64|x64] [--debs DIR] [--out DIR]
#   scripts/make-bundle.sh --models DIR --version VERSION [--out DIR]
#
#   --arch     the machine it is for (arm64, every Jetson)
#   --debs     a folder of .deb files to carry along, for a machine that lacks some; BUNDLE lists what is needed
#   --out      where flinch-<version>-<arch>.tar.gz and its .sha256 are written (the current folder)
#   --models   a folder with manifest.json and the models that it names, as flinch-models-<version>.tar.gz
#
# Runs on any machine with this repository, Node.js and the npm registry. The bundle holds Flinch built, its npm
# packages for the other machine, Node.js, and the sources of the OpenCV binding, which is built on the device against
# the device's own OpenCV. docs/jetson-setup.md explains how it is installed.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)
source_dir=${here%/*}
source "$here/jetson/say.sh"
source "$here/jetson/versions.sh"
source "$here/release/source.sh"

usage() { sed -n '3,/^set /{/^set /d;s/^# \{0,1\}//p}' "${BASH_SOURCE[0]}"; }

arch=arm64 debs='' models='' version='' out=$PWD
while (($# > 0)); do
  case $1 in
    --arch | --debs | --models | --version | --out)
      (($# > 1)) || die "$1 needs a value"
      case $1 in
        --arch) takes 'arm64|x64' "$@" && arch=$2 ;;
        --version) takes '[0-9A-Za-z][0-9A-Za-z._+-]*' "$@" && version=$2 ;;
        --debs) debs=$2 ;;
        --models) models=$2 ;;
        --out) out=$2 ;;
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

stage=$(mktemp -d)
trap 'rm -rf "$stage"' EXIT

# pack NAME: hashes of every file, then one archive and its own hash, neither of them there before it is whole.
pack() {
  local name=$1 archive=$out/$1.tar.gz
  (cd "$stage/$name" && find . -type f -print0 | LC_ALL=C sort -z | xargs -0 sha256sum) >"$stage/sums"
  mv "$stage/sums" "$stage/$name/SHA256SUMS"
  mkdir -p "$out"
  tar -C "$stage" --sort=name --owner=0 --group=0 --numeric-owner -czf "$archive.new" "$name"
  (cd "$out" && sha256sum "$name.tar.gz.new" | sed 's/\.new$//' >"$name.tar.gz.sha256")
  mv -f "$archive.new" "$archive"
  note "$archive ($(($(stat -c %s "$archive") / 1000000)) MB)"
}

bundle_models() {
  [[ -f $models/manifest.json ]] || die "$models holds no manifest.json"
  [[ -n $version ]] || die "--models needs --version: the name of the folder on the device"
  local name=flinch-models-$version
  mkdir -p "$stage/$name"
  cp -a --no-preserve=ownership -L -T "$models" "$stage/$name/models"
  printf 'kind=models\nversion=%s\n' "$version" >"$stage/$name/BUNDLE"
  pack "$name"
}

# npm's packages for the other machine: what runs, with node-gyp, which builds the binding there.
fetch_packages() {
  local release=$1
  node -e '
    const fs = require("node:fs");
    const description = JSON.parse(fs.readFileSync("package.json", "utf8"));
    delete description.devDependencies;
    fs.writeFileSync(process.argv[1], JSON.stringify(description));
  ' "$release/package.json"
  ONNXRUNTIME_NODE_INSTALL=skip npm --prefix "$release" install --ignore-scripts --no-audit --no-fund \
    --os=linux --cpu="$arch" >&2
  cp -a "$source_dir"/package{,-lock}.json "$release/"
  node scripts/setup/natives.mjs "$release/node_modules" linux "$arch"
}

# nodejs.org's own program and headers, as npm carries them; held to the hash in versions.sh.
fetch_node() {
  local home=$1 packed found
  packed=$(npm pack --silent --pack-destination "$stage" "node-linux-$arch@$NODE_VERSION")
  mkdir -p "$home"
  tar -xzf "$stage/$packed" -C "$home" --strip-components=1 --no-same-owner
  rm -f "$stage/$packed"
  found=$(sha256sum "$home/bin/node" | cut -d ' ' -f 1)
  [[ $found == "${NODE_PROGRAM_SHA256[$arch]}" ]] ||
    die "npm's node-linux-$arch@$NODE_VERSION holds a program with the SHA-256 $found, not ${NODE_PROGRAM_SHA256[$arch]}: no bundle was made"
}

bundle_release() {
  cd "$source_dir"
  node scripts/setup.mjs
  version=$(source_version)
  local name=flinch-$version-$arch part
  local release=$stage/$name/release
  mkdir -p "$release"
  for part in "${RELEASE_PARTS[@]}" dist; do cp -a --no-preserve=ownership -T "$part" "$release/$part"; done
  fetch_packages "$release"
  fetch_node "$stage/$name/node"
  if [[ -n $debs ]]; then
    compgen -G "$debs/*.deb" >/dev/null || die "$debs holds no .deb file"
    mkdir "$stage/$name/debs"
    cp "$debs"/*.deb "$stage/$name/debs/"
  fi
  {
    printf 'kind=releases\nversion=%s\narch=%s\nnode=%s\n' "$version" "$arch" "$NODE_VERSION"
    printf 'package=%s\n' "${RUN_PACKAGES[@]}"
  } >"$stage/$name/BUNDLE"
  pack "$name"
}

# Given relative to where it was called from, before anything changes folder.
mkdir -p "$out"
out=$(cd "$out" && pwd)
[[ -z $debs ]] || debs=$(cd "$debs" && pwd)
if [[ -n $models ]]; then bundle_models; else bundle_release; fi

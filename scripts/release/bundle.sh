# shellcheck shell=bash
# An offline bundle: <name>.tar.gz with <name>.tar.gz.sha256 beside it. Inside, one folder with BUNDLE (what it is, as
# key=value lines), SHA256SUMS of every file, and release/ and node/, or models/.

bundle_value() { sed -n "s/^$1=//p" "$unpacked/BUNDLE"; }

# unpack_bundle FILE [SHA256]: holds the file to its hash, then unpacks it and holds every file in it to its own.
# Sets unpacked, bundle_kind and bundle_version.
unpack_bundle() {
  local file=$1 expected=${2-} found
  [[ -f $file ]] || die "$file: there is no such bundle"
  if [[ -z $expected ]]; then
    [[ -f $file.sha256 ]] || die "$file.sha256 is missing: bring it along, or give the hash with --sha256"
    expected=$(cut -d ' ' -f 1 "$file.sha256")
  fi
  found=$(sha256sum "$file" | cut -d ' ' -f 1)
  [[ $found == "$expected" ]] || die "$file has the SHA-256 $found, not $expected: nothing was unpacked; copy it again"
  unpacked=$prefix/.incoming
  rm -rf "$unpacked"
  mkdir -p "$unpacked"
  tar -xzf "$file" -C "$unpacked" --strip-components=1 --no-same-owner
  (cd "$unpacked" && sha256sum --quiet --strict -c SHA256SUMS) || die "$file is not whole: copy it again"
  bundle_kind=$(bundle_value kind)
  bundle_version=$(bundle_value version)
  [[ $bundle_version =~ ^[0-9A-Za-z][0-9A-Za-z._+-]*$ ]] || die "$file names no version that could be a folder's name"
}

drop_unpacked() { rm -rf "$prefix/.incoming"; }

# Puts what was unpacked into its store; it is whole only when everything is done, and done again when it was not.
install_unpacked() {
  use_store "$bundle_kind"
  if is_complete "$bundle_version"; then
    note "$bundle_version is there"
    return
  fi
  mkdir -p "$store"
  rm -rf "${store:?}/$bundle_version"
  case $bundle_kind in
    releases) install_release ;;
    models) mv -T "$unpacked/models" "$store/$bundle_version" ;;
    *) die "the bundle holds '$bundle_kind', neither releases nor models" ;;
  esac
  touch "$store/$bundle_version/.complete"
  note "$bundle_version is installed in $store"
}

install_release() {
  local arch node_version release=$store/$bundle_version
  arch=$(npm_arch "$(uname -m)")
  [[ $(bundle_value arch) == "$arch" ]] || die "the bundle is for $(bundle_value arch), this machine is $arch"
  node_version=$(bundle_value node)
  if [[ ! -x $prefix/node/v$node_version/bin/node ]]; then
    mkdir -p "$prefix/node"
    mv -T "$unpacked/node" "$prefix/node/v$node_version"
  fi
  mv -T "$unpacked/release" "$release"
  ln -sfn "../../node/v$node_version" "$release/node"
  # Natives of npm packages come along built; the OpenCV binding is built against this machine's own OpenCV.
  (cd "$release" && "$release/node/bin/node" scripts/build-opencv-binding.mjs)
  apply_onnxruntime "$release"
}

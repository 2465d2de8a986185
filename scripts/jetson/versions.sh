# shellcheck shell=bash
# Versions and hashes that the set-up holds to; versions.tsv beside it has those that depend on the JetPack.
# shellcheck disable=SC2034  # a table: each script uses what it needs

# Node.js: one of the versions that the tests run on (test/tooling/nodes.test.ts), in support until April 2028. The
# program's hashes are those of bin/node in npm's node-linux-<arch> packages; others name the same for nodejs.org's
# archives, and the archive's hash as nodejs.org's SHASUMS256.txt has it.
NODE_VERSION=24.21.0
NODE_ARCHIVE_SHA256=6ad1325edbdb5649c379b75a237147a666c95d4f9ae8d340fef2d1575d289ad2 # node-v…-linux-arm64.tar.xz
declare -A NODE_PROGRAM_SHA256=(
  [arm64]=0f8949d1028f6d61506b2d5bc57e7e6fe893d7b1997509b7847294fc9c616584
  [x64]=7fde7b8afa198da66257f42ee2001d874c7355631e6d1579a5fb5ef1f246df4c
)

# Build tools, OpenCV's headers and what GStreamer needs for cameras; bookworm, focal, jammy and noble have them all.
RUN_PACKAGES=(build-essential ca-certificates curl git libopencv-dev pkg-config python3 python3-venv xz-utils
  gstreamer1.0-plugins-base gstreamer1.0-plugins-good gstreamer1.0-plugins-bad)

# A test's own hashes, for the programs that it makes.
# shellcheck source=/dev/null
[[ -z ${FLINCH_VERSIONS-} ]] || source "$FLINCH_VERSIONS"

# Node's and npm's word for a machine that `uname -m` names.
npm_arch() {
  case $1 in
    aarch64) echo arm64 ;;
    x86_64) echo x64 ;;
    *) echo "$1" ;;
  esac
}

# The row of versions.tsv for an L4T version, tab-separated; nothing where its major release is not listed.
versions_row() {
  awk -F '\t' -v l4t="$1" -v major="${1%%.*}" '
    /^#/ { next }
    { split($1, part, ".") }
    part[1] == major { last = $0 }
    l4t == $1 || index(l4t, $1 ".") == 1 { if (length($1) > length(best)) { best = $1; found = $0 } }
    END { if (found != "") print found; else if (last != "") print last }
  ' "${VERSIONS_TABLE:-$(dirname "${BASH_SOURCE[0]}")/versions.tsv}"
}

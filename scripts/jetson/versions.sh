# shellcheck shell=bash
# Versions and hashes that the set-up holds to; versions.tsv beside it has those that depend on the JetPack.
# shellcheck disable=SC2034  # a table: each script uses what it needs

# Node.js: the version that the tests run on. The program's hashes are those of bin/node in nodejs.org's archive and in
# npm's node-linux-<arch> package alike, which is how the one was held against the other.
NODE_VERSION=20.20.2
NODE_ARCHIVE_SHA256=73093db209e4e9e09dd7d15a47aeaab1b74833830df03efa5f942a1122c5fa71 # node-v…-linux-arm64.tar.xz
declare -A NODE_PROGRAM_SHA256=(
  [arm64]=05a69ccdcb795f2a8b86c145e71a6a37cce84fccef5aaf25a8fe38bc9423e732
  [x64]=6295488653f0d93b0a157841746fef7e72cc4328cfb60c4bbe0ca2668a836ffd
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

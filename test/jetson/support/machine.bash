# shellcheck shell=bash
# shellcheck disable=SC2154  # bats sets output and status
# A Jetson that is none: a root folder of its own, and programs that only write down how they were called. What the
# scripts do to files is done for real, below $FLINCH_ROOT.

REPOSITORY=$(cd "$BATS_TEST_DIRNAME/../.." && pwd)
SCRIPTS=$REPOSITORY/scripts
REAL_NODE=$(command -v node)

# machine [L4T major] [revision]: what a flashed board of that release has.
machine() {
  export FLINCH_ROOT=$BATS_TEST_TMPDIR/root CALLS=$BATS_TEST_TMPDIR/calls FAKES=$BATS_TEST_TMPDIR/fakes REAL_NODE
  PREFIX=$FLINCH_ROOT/opt/flinch
  mkdir -p "$FLINCH_ROOT/etc" "$FAKES/bin" "$FAKES/packages"
  : >"$CALLS"
  local name
  for name in apt-get systemctl useradd usermod groupadd userdel udevadm chown runuser curl npm git nvpmodel \
    jetson_clocks dpkg-query pkg-config uname getent id; do
    ln -s "$BATS_TEST_DIRNAME/support/fake.bash" "$FAKES/bin/$name"
  done
  export PATH=$FAKES/bin:$PATH
  [[ -z ${1-} ]] || l4t "$1" "$2"
  light_sources
}

l4t() {
  printf '# R%s (release), REVISION: %s, GCID: 1, BOARD: generic, EABI: aarch64, DATE: today\n' "$1" "$2" >"$FLINCH_ROOT/etc/nv_tegra_release"
}

# Sources with all the parts that a release has, but none of the weight: models and docs are a word each.
light_sources() {
  local source=$BATS_TEST_TMPDIR/source part
  mkdir -p "$source"
  cp -a "$REPOSITORY"/{scripts,systemd,config,package.json} "$source/"
  for part in LICENSE README.md package-lock.json tsconfig.json .npmrc; do echo "$part" >"$source/$part"; done
  for part in bench demo docs examples models src; do mkdir "$source/$part" && echo "$part" >"$source/$part/file"; done
  SCRIPTS=$source/scripts
}

# has PACKAGE VERSION: dpkg knows it. cuda VERSION: nvcc lies where JetPack puts it.
has() { printf '%s' "$2" >"$FAKES/packages/$1"; }
cuda() {
  mkdir -p "$FLINCH_ROOT/usr/local/cuda/bin"
  printf '#!/bin/sh\necho "Cuda compilation tools, release %s, V%s.1"\n' "$1" "$1" >"$FLINCH_ROOT/usr/local/cuda/bin/nvcc"
  chmod +x "$FLINCH_ROOT/usr/local/cuda/bin/nvcc"
}
all_packages() {
  local name
  for name in build-essential ca-certificates curl git libopencv-dev pkg-config python3 python3-venv xz-utils \
    gstreamer1.0-plugins-base gstreamer1.0-plugins-good gstreamer1.0-plugins-bad; do
    has "$name" 1
  done
}

# A Node.js that runs Flinch's doctor as $FAKES/doctor-<release> says (content without a word there), the scripts'
# own modules with the real Node.js, and nothing else. The archive that curl "downloads", with its true hash.
fake_node() {
  local home=$BATS_TEST_TMPDIR/node-v24.21.0-linux-arm64
  mkdir -p "$home/bin" "$home/include/node"
  cp "$BATS_TEST_DIRNAME/support/fake-node.bash" "$home/bin/node"
  : >"$home/include/node/node_api.h"
  tar -C "$BATS_TEST_TMPDIR" -cJf "$FAKES/download" node-v24.21.0-linux-arm64
  printf 'NODE_ARCHIVE_SHA256=%s\n' "$(sha256sum "$FAKES/download" | cut -d ' ' -f 1)" >"$BATS_TEST_TMPDIR/versions"
  export FLINCH_VERSIONS=$BATS_TEST_TMPDIR/versions
}

# bundle VERSION [ARCH]: a bundle of the least that a release is made of. Sets $bundle.
bundle() {
  local version=$1 arch=${2-arm64} name=flinch-$1-${2-arm64}
  local top=$BATS_TEST_TMPDIR/bundles/$name
  mkdir -p "$top/release/dist" "$top/release/scripts" "$top/node/bin"
  cp "$BATS_TEST_DIRNAME/support/fake-node.bash" "$top/node/bin/node"
  printf '// %s\n' "$version" >"$top/release/dist/main.js"
  printf 'kind=releases\nversion=%s\narch=%s\nnode=24.21.0\n' "$version" "$arch" >"$top/BUNDLE"
  seal "$name"
}

models_bundle() {
  local name=flinch-models-$1
  mkdir -p "$BATS_TEST_TMPDIR/bundles/$name/models"
  printf '{"models":{},"version":"%s"}\n' "$1" >"$BATS_TEST_TMPDIR/bundles/$name/models/manifest.json"
  printf 'kind=models\nversion=%s\n' "$1" >"$BATS_TEST_TMPDIR/bundles/$name/BUNDLE"
  seal "$name"
}

seal() {
  bundle=$BATS_TEST_TMPDIR/bundles/$1.tar.gz
  (cd "$BATS_TEST_TMPDIR/bundles/$1" && find . -type f ! -name SHA256SUMS -exec sha256sum {} + >../sums && mv ../sums SHA256SUMS)
  tar -C "$BATS_TEST_TMPDIR/bundles" -czf "$bundle" "$1"
  (cd "$BATS_TEST_TMPDIR/bundles" && sha256sum "$1.tar.gz" >"$1.tar.gz.sha256")
}

setup_script() { run "$SCRIPTS/jetson-setup.sh" "$@"; }
release_script() { run "$SCRIPTS/flinch-release.sh" "$@"; }

# says TEXT: the output holds it. calls PATTERN: so many calls were like this.
says() {
  [[ $output == *"$1"* ]] || {
    printf 'not said: %s\n--- but:\n%s\n' "$1" "$output"
    return 1
  }
}
succeeds() {
  ((status == 0)) || {
    printf 'ended with %s:\n%s\n' "$status" "$output"
    return 1
  }
}
fails() { ((status != 0)) || { printf 'it went well:\n%s\n' "$output"; return 1; }; }
called() {
  grep -qE -- "$1" "$CALLS" || {
    printf 'not called: %s\n--- but:\n%s\n' "$1" "$(<"$CALLS")"
    return 1
  }
}
never_called() {
  if grep -E -- "$1" "$CALLS"; then return 1; fi
}
current() { basename "$(readlink "$PREFIX/current")"; }
previous() { basename "$(readlink "$PREFIX/previous")"; }
# Every file and link below a folder, with its contents' hash: two listings that are equal are two roots that are.
listing() { (cd "$1" && find . -printf '%p %y %l\n' | sort && find . -type f ! -name .lock -exec sha256sum {} + | sort); }

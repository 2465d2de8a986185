#!/usr/bin/env bats
# Versions side by side: install, switch, roll back, prune; Flinch's own and the models'.
bats_require_minimum_version 1.5.0
load support/machine

setup() {
  machine 36 4.3
  echo flinch >"$FAKES/user"
  mkdir -p "$FLINCH_ROOT/etc/flinch" "$FLINCH_ROOT/var/lib/flinch"
  echo '{}' >"$FLINCH_ROOT/etc/flinch/flinch.json"
  # Where the functions bundle and models_bundle leave what they made.
  bundle=''
}

upgrade() {
  bundle "$1"
  release_script upgrade "$bundle"
}

# doctor VERSION CHECK…: these checks fail when that release's doctor looks.
doctor() {
  local version=$1 checks='' name
  shift
  for name in "$@"; do checks+="${checks:+,}{\"name\":\"$name\",\"status\":\"fail\",\"detail\":\"$name is broken\"}"; done
  echo "{\"ok\":false,\"checks\":[$checks]}" >"$FAKES/doctor-$version"
}

@test "an upgrade is installed beside the old one, becomes current, and is rolled back" {
  upgrade 1.0.0
  succeeds
  [ "$(current)" = 1.0.0 ]
  called "^node .*build-opencv-binding.mjs$"
  called '^systemctl try-restart flinch.service flinch@\*.service$'
  upgrade 1.1.0
  succeeds
  [ "$(current) $(previous)" = "1.1.0 1.0.0" ]
  grep -q 1.1.0 "$PREFIX/current/dist/main.js"
  release_script list
  says "1.0.0 (previous)"
  says "1.1.0 (current)"
  release_script rollback
  succeeds
  [ "$(current) $(previous)" = "1.0.0 1.1.0" ]
  grep -q 1.0.0 "$PREFIX/current/dist/main.js"
  [ ! -e "$PREFIX/.incoming" ]
}

@test "a release whose doctor finds something new is refused; what both suffer from is no reason" {
  upgrade 1.0.0
  doctor 1.0.0 broker
  doctor 1.1.0 broker inference
  upgrade 1.1.0
  fails
  says "doctor: inference: inference is broken"
  says "1.1.0 is refused, 1.0.0 stays"
  [ "$(current)" = 1.0.0 ]
  doctor 1.1.0 broker
  release_script switch 1.1.0
  succeeds
  [ "$(current)" = 1.1.0 ]
}

@test "a release whose doctor does not run is refused, and --force is the way past it" {
  upgrade 1.0.0
  echo 'Error: no such library' >"$FAKES/doctor-1.1.0"
  upgrade 1.1.0
  fails
  says "doctor: no report: Error: no such library"
  [ "$(current)" = 1.0.0 ]
  release_script switch 1.1.0 --force
  succeeds
  [ "$(current)" = 1.1.0 ]
}

@test "a service that does not start with the new version gets the old one back" {
  upgrade 1.0.0
  upgrade 1.1.0
  echo 'systemctl try-restart flinch.service flinch@*.service' >"$FAKES/fails"
  upgrade 1.2.0
  fails
  says "the service did not start with 1.2.0, so 1.1.0 is current again"
  [ "$(current) $(previous)" = "1.1.0 1.0.0" ]
}

@test "a bundle with another hash is refused before anything of it is unpacked" {
  bundle 1.0.0
  printf 'x' >>"$bundle"
  release_script install "$bundle"
  fails
  says "nothing was unpacked"
  [ ! -e "$PREFIX/releases" ]
  bundle 1.1.0
  rm "$bundle.sha256"
  release_script install "$bundle"
  fails
  says "$bundle.sha256 is missing"
  release_script install "$bundle" --sha256 "$(sha256sum "$bundle" | cut -d ' ' -f 1)"
  succeeds
}

@test "a file inside that is not what the bundle says is refused" {
  bundle 1.0.0
  top=${bundle%.tar.gz}
  echo changed >"$top/release/dist/main.js"
  tar -C "${top%/*}" -czf "$bundle" "${top##*/}"
  (cd "${top%/*}" && sha256sum "${bundle##*/}" >"$bundle.sha256")
  release_script install "$bundle"
  fails
  says "is not whole: copy it again"
  [ ! -e "$PREFIX/releases" ]
}

@test "a bundle for another machine is refused" {
  bundle 1.0.0 x64
  release_script install "$bundle"
  fails
  says "the bundle is for x64, this machine is arm64"
}

@test "an installation that was cut off is not switched to, and is done again" {
  bundle 1.0.0
  release_script install "$bundle"
  rm "$PREFIX/releases/1.0.0/.complete" "$PREFIX/releases/1.0.0/dist/main.js"
  release_script switch 1.0.0
  fails
  says "1.0.0 is not installed, or not whole"
  release_script upgrade "$bundle"
  succeeds
  [ -f "$PREFIX/current/dist/main.js" ]
}

@test "prune keeps the newest, the current and the previous one" {
  for version in 1 2 3 4 5; do
    bundle "$version"
    release_script install "$bundle"
    touch -d "2026-01-0$version" "$PREFIX/releases/$version/.complete"
  done
  release_script switch 1
  release_script switch 2
  release_script --dry-run prune --keep 1
  [ "$(ls "$PREFIX/releases")" = $'1\n2\n3\n4\n5' ]
  release_script prune --keep 1
  succeeds
  [ "$(ls "$PREFIX/releases")" = $'1\n2\n5' ]
}

@test "models have versions of their own, and roll back alike" {
  models_bundle m1
  release_script upgrade "$bundle"
  fails
  says "holds models: add --models"
  release_script --models upgrade "$bundle"
  succeeds
  models_bundle m2
  release_script --models upgrade "$bundle"
  grep -q m2 "$PREFIX/models/current/manifest.json"
  release_script --models rollback
  succeeds
  grep -q m1 "$PREFIX/models/current/manifest.json"
  release_script --models list
  says "m1 (current)"
}

@test "the ONNX Runtime that was built here is put into every release that comes" {
  built=$PREFIX/onnxruntime
  mkdir -p "$built/npm" "$built/node/napi-v6/linux/arm64" "$BATS_TEST_TMPDIR/package/bin/napi-v6/darwin"
  echo 1.20.1 >"$built/VERSION"
  echo tensorrt >"$built/node/napi-v6/linux/arm64/libonnxruntime_providers_tensorrt.so"
  echo "the JavaScript half" >"$BATS_TEST_TMPDIR/package/index.js"
  for name in onnxruntime-common onnxruntime-node; do tar -C "$BATS_TEST_TMPDIR" -czf "$built/npm/$name-1.20.1.tgz" package; done
  upgrade 1.0.0
  succeeds
  module=$PREFIX/current/node_modules/onnxruntime-node
  [ -f "$module/index.js" ]
  [ -f "$module/bin/napi-v6/linux/arm64/libonnxruntime_providers_tensorrt.so" ]
  [ ! -e "$module/bin/napi-v6/darwin" ]
  [ "$(cat "$PREFIX/current/.onnxruntime")" = 1.20.1 ]

  # The same version, built again for another TensorRT.
  echo "1.20.1 for TensorRT 11" >"$built/BUILD"
  echo another >"$built/node/napi-v6/linux/arm64/libonnxruntime_providers_tensorrt.so"
  # shellcheck disable=SC2016 # for the shell that is started
  run bash -euc 'source "$1/jetson/say.sh"; source "$1/release/onnxruntime.sh"; prefix=$2
    apply_onnxruntime "$prefix/current"; apply_onnxruntime "$prefix/current"' _ "$SCRIPTS" "$PREFIX"
  succeeds
  says "ONNX Runtime 1.20.1 is in place"
  [ "$(cat "$module/bin/napi-v6/linux/arm64/libonnxruntime_providers_tensorrt.so")" = another ]
}

@test "there is nothing to roll back to, and it says so" {
  release_script rollback
  fails
  says "there is no previous version to go back to"
  upgrade 1.0.0
  release_script rollback
  fails
  says "there is no previous version to go back to"
}

@test "the set-up installs from a bundle without a network" {
  all_packages
  echo 4.8.0 >"$FAKES/opencv"
  bundle 2.0.0
  setup_script --offline "$bundle"
  succeeds
  [ "$(current)" = 2.0.0 ]
  [ -x "$PREFIX/current/node/bin/node" ]
  never_called '^(apt-get|curl|npm|git)'
  rm "$FAKES/packages/libopencv-dev"
  setup_script --offline "$bundle"
  fails
  says "the bundle carries no Debian packages and these are missing: libopencv-dev"
}

@test "wrong words end with one line" {
  for arguments in "" "dance" "install" "switch" "--prefix here list" "--keep many prune" "install /nowhere.tar.gz" "install x --dry-run"; do
    # shellcheck disable=SC2086 # words
    release_script $arguments
    fails
    says "flinch-release: "
  done
}

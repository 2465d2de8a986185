#!/usr/bin/env bats
# Bundles as make-bundle.sh writes them: whole, and taken by the script that installs them.
bats_require_minimum_version 1.5.0
load support/machine

setup() {
  machine 36 4.3
  mkdir -p "$FLINCH_ROOT/etc/flinch" "$FLINCH_ROOT/var/lib/flinch"
  echo '{}' >"$FLINCH_ROOT/etc/flinch/flinch.json"
  models=$BATS_TEST_TMPDIR/trained
  mkdir "$models"
  echo '{"models":{}}' >"$models/manifest.json"
  echo weights >"$BATS_TEST_TMPDIR/weights"
  ln -s ../weights "$models/hsta.onnx"
}

bundle_script() { run "$SCRIPTS/make-bundle.sh" "$@"; }

@test "models become a bundle that the release script installs, links resolved" {
  bundle_script --models "$models" --version lab-1 --out "$BATS_TEST_TMPDIR/made"
  succeeds
  (cd "$BATS_TEST_TMPDIR/made" && sha256sum --check --quiet flinch-models-lab-1.tar.gz.sha256)
  release_script --models upgrade "$BATS_TEST_TMPDIR/made/flinch-models-lab-1.tar.gz"
  succeeds
  [ "$(basename "$(readlink "$PREFIX/models/current")")" = lab-1 ]
  [ ! -L "$PREFIX/models/current/hsta.onnx" ]
  [ "$(cat "$PREFIX/models/current/hsta.onnx")" = weights ]
}

@test "a bundle says the hash of every file that it holds, and no other" {
  bundle_script --models "$models" --version lab-1 --out "$BATS_TEST_TMPDIR/made"
  tar -C "$BATS_TEST_TMPDIR" -xzf "$BATS_TEST_TMPDIR/made/flinch-models-lab-1.tar.gz"
  cd "$BATS_TEST_TMPDIR/flinch-models-lab-1"
  sha256sum --check --quiet SHA256SUMS
  [ "$(sed 's/^[^ ]*  //' SHA256SUMS)" = $'./BUNDLE\n./models/hsta.onnx\n./models/manifest.json' ]
}

@test "a folder without a manifest, and models without a version, are refused" {
  bundle_script --models "$models" --out "$BATS_TEST_TMPDIR/made"
  fails
  says "--models needs --version"
  rm "$models/manifest.json"
  bundle_script --models "$models" --version lab-1 --out "$BATS_TEST_TMPDIR/made"
  fails
  says "holds no manifest.json"
  [ -z "$(ls "$BATS_TEST_TMPDIR/made")" ]
}

@test "an option that there is not, a value that cannot be, and a value that is missing are refused" {
  bundle_script --arch riscv
  fails
  bundle_script --speed
  fails
  says "unknown option '--speed'"
  bundle_script --out
  fails
  says "--out needs a value"
}

@test "a folder for --debs that is not there is refused before anything is fetched" {
  bundle_script --debs "$BATS_TEST_TMPDIR/nowhere"
  fails
  never_called '^npm'
}

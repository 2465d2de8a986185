#!/usr/bin/env bats
# The whole set-up on a board that is none: what it leaves, that it can be run again, cut off, and undone.
bats_require_minimum_version 1.5.0
load support/machine

# A board of JetPack 6.2 with everything that NVIDIA's packages bring, and a Node.js that can be fetched.
setup() {
  machine 36 4.3
  all_packages
  echo 4.8.0 >"$FAKES/opencv"
  fake_node
}

@test "a dry run prints every command and changes nothing" {
  rm "$FAKES/packages/curl"
  before=$(listing "$FLINCH_ROOT") here=$(ls -A "$BATS_TEST_DIRNAME")
  cd "$BATS_TEST_DIRNAME"
  setup_script --dry-run --onnxruntime --warm --clocks --power-mode 0
  succeeds
  for said in "apt-get install -y --no-install-recommends curl" "https://nodejs.org/dist/v24.21.0/node-v24.21.0-linux-arm64.tar.xz" \
    "git clone" "build.sh --allow_running_as_root" "npm --prefix $PREFIX/releases/" "useradd --system" "mv -T $PREFIX/current.new $PREFIX/current" \
    "nvpmodel -m 0" "dist/main.js warm --config" "dist/main.js doctor --config" "systemctl enable --now flinch-clocks.service"; do
    says "$said"
  done
  [[ $output =~ --parallel\ [1-9][0-9]*\  ]]
  [ "$(listing "$FLINCH_ROOT")" = "$before" ]
  [ "$(ls -A "$BATS_TEST_DIRNAME")" = "$here" ]
  never_called '^(apt-get|curl|npm|git clone|useradd|usermod|chown|udevadm|runuser)|^nvpmodel -m|^systemctl (enable|daemon)'
}

@test "it installs, and a second run finds nothing to do" {
  rm "$FAKES/packages/curl"
  setup_script
  succeeds
  called '^apt-get install -y --no-install-recommends curl$'
  called '^npm --prefix .*/releases/0\.1\.0-[0-9a-f]{8} run setup$'
  called '^useradd --system .*flinch$'
  called '^usermod --append --groups render flinch$'
  called '^doctor 0\.1\.0-'
  [ -f "$PREFIX/current/.complete" ]
  [ "$("$PREFIX/current/node/bin/node" --version)" = v24.21.0 ]
  [ "$(stat -c %a "$FLINCH_ROOT/etc/flinch" "$FLINCH_ROOT/var/lib/flinch" "$FLINCH_ROOT/etc/flinch/flinch.json" | tr '\n' ' ')" = '750 700 640 ' ]
  grep -q '"purpose": ""' "$FLINCH_ROOT/etc/flinch/flinch.json"
  grep -q '^ExecStart=/opt/flinch/current/node/bin/node /opt/flinch/current/dist/main.js run ' "$FLINCH_ROOT/etc/systemd/system/flinch.service"
  grep -q '^exec "/opt/flinch/current/node/bin/node"' "$FLINCH_ROOT/usr/local/bin/flinch"
  # What bash does at the first TAB.
  [ "$(bash -c 'flinch() { echo "echo $*"; }; source "$1"' _ "$FLINCH_ROOT/usr/local/share/bash-completion/completions/flinch")" = 'completion bash' ]
  cmp "$SCRIPTS/jetson/70-flinch-camera.rules" "$FLINCH_ROOT/etc/udev/rules.d/70-flinch-camera.rules"
  [ ! -e "$FLINCH_ROOT/etc/systemd/system/flinch-clocks.service" ]

  echo '{ "mine": true }' >"$FLINCH_ROOT/etc/flinch/flinch.json"
  after=$(listing "$FLINCH_ROOT")
  : >"$CALLS"
  setup_script
  succeeds
  [ "$(listing "$FLINCH_ROOT")" = "$after" ]
  # The doctor is asked again; nothing else is called.
  never_called '^(apt-get|curl|npm|useradd|usermod|groupadd|chown|udevadm|systemctl)'
}

@test "a step that was cut off is finished by the next run" {
  echo 'run setup' >"$FAKES/fails"
  setup_script
  fails
  [ ! -e "$PREFIX/current" ]
  release_script list
  says "(not whole: install it again)"
  release_script switch "${output%% *}"
  fails
  says "is not installed, or not whole"
  rm "$FAKES/fails"
  setup_script
  succeeds
  [ -f "$PREFIX/current/.complete" ]
}

@test "a Node.js with another hash is refused, removed, and fetched anew" {
  cp "$FAKES/download" "$FAKES/good"
  echo 'something else' >"$FAKES/download"
  setup_script
  fails
  says "has the SHA-256"
  says "it was removed"
  [ -z "$(find "$PREFIX/node" -type f)" ]
  mv "$FAKES/good" "$FAKES/download"
  setup_script
  succeeds
}

@test "--check counts what is missing, and is content when nothing is" {
  setup_script --check
  [ "$status" -eq 1 ]
  says "$PREFIX/node/v24.21.0 is missing"
  says "user flinch is missing"
  [ ! -e "$PREFIX" ]
  [ "$(wc -l <"$CALLS")" -eq 0 ]
  cuda 12.6
  has libcudnn9-cuda-12 9.3.0.75-1
  has libnvinfer10 10.3.0.30-1+cuda12.5
  setup_script
  # ONNX Runtime takes hours: here its stamp stands for it.
  mkdir -p "$PREFIX/.setup"
  echo "1.23.2 a83fc4d58cb48eb68890dd689f94f28288cf2278 for L4T 36.4, sm_87" >"$PREFIX/.setup/onnxruntime"
  setup_script --check
  succeeds
  says "0 things are missing"
}

@test "an update of JetPack is noticed: ONNX Runtime was built for another" {
  mkdir -p "$PREFIX/.setup"
  echo "1.17.3 56b660f36940a919295e6f1e18ad3a9a93a10bf7 for L4T 36.3, sm_87" >"$PREFIX/.setup/onnxruntime"
  setup_script --check
  says "not built yet, or for another JetPack: 1.23.2"
}

@test "power mode and clocks only when asked for, and only when they differ" {
  setup_script --power-mode 2 --clocks
  succeeds
  called '^nvpmodel -m 2$'
  called '^systemctl enable --now flinch-clocks.service$'
  echo 2 >"$FAKES/power"
  : >"$CALLS"
  setup_script --power-mode 2
  never_called '^nvpmodel -m'
  never_called flinch-clocks
}

@test "another prefix reaches the units and the command" {
  setup_script --prefix /srv/flinch
  succeeds
  grep -q '^ExecStart=/srv/flinch/current/node/bin/node /srv/flinch/current/dist/main.js' "$FLINCH_ROOT/etc/systemd/system/flinch.service"
  grep -q /srv/flinch/current "$FLINCH_ROOT/usr/local/bin/flinch"
  [ -f "$FLINCH_ROOT/srv/flinch/current/.complete" ]
}

@test "--uninstall takes away what was brought, --purge the rest, and a stranger's file stays" {
  setup_script --clocks
  echo theirs >"$PREFIX/theirs"
  setup_script --uninstall --dry-run
  succeeds
  [ -f "$PREFIX/current/.complete" ]
  setup_script --uninstall
  succeeds
  called '^systemctl disable --now flinch.service$'
  [ -z "$(find "$FLINCH_ROOT/etc/systemd/system" "$FLINCH_ROOT/etc/udev/rules.d" "$FLINCH_ROOT/usr/local" -type f)" ]
  [ "$(find "$PREFIX" -type f)" = "$PREFIX/theirs" ]
  [ -f "$FLINCH_ROOT/etc/flinch/flinch.json" ]
  [ -d "$FLINCH_ROOT/var/lib/flinch" ]
  never_called '^userdel'
  rm "$PREFIX/theirs"
  setup_script --uninstall --purge
  succeeds
  [ ! -e "$FLINCH_ROOT/etc/flinch" ]
  [ ! -e "$FLINCH_ROOT/var/lib/flinch" ]
  [ ! -e "$PREFIX" ]
  called '^userdel flinch$'
  setup_script --uninstall --purge
  succeeds
}

@test "options that do not go together, or lack their value, end with one line" {
  for arguments in --nonsense "--power-mode loud" "--keep" "--prefix relative" --purge "--uninstall --check" "--offline x --dry-run" "--sha256 abc"; do
    # shellcheck disable=SC2086 # words
    setup_script $arguments
    fails
    says "jetson-setup: "
  done
  [ ! -e "$PREFIX" ]
}

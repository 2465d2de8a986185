#!/usr/bin/env bash
# Sets a Jetson up to run Flinch as a service. NOT YET RUN ON THE HARDWARE: read it before you run it.
#
#   sudo scripts/jetson-setup.sh [--check | --dry-run] [--onnxruntime [VERSION]] [--prefix DIR]
#
#   --check          say what is there and what is missing; change nothing
#   --dry-run        print every command that would change something, and run none of them
#   --onnxruntime    also build ONNX Runtime with CUDA and TensorRT (hours; without it, inference runs on the CPU)
#   --prefix DIR     where Flinch is installed (/opt/flinch)
#
# It can be run again at any time: a step that is done is left alone. docs/jetson.md explains the steps.
set -euo pipefail

readonly CONFIG_DIR=/etc/flinch STATE_DIR=/var/lib/flinch SERVICE_USER=flinch
readonly CUDA_HOME_DIR=/usr/local/cuda LIB_DIR=/usr/lib/aarch64-linux-gnu
readonly NODE_MAJOR=20
# Compiling one file of ONNX Runtime's CUDA code takes up to this much memory.
readonly BUILD_JOB_GB=6
# What a test points elsewhere.
: "${L4T_RELEASE:=/etc/nv_tegra_release}" "${ONNXRUNTIME_SOURCE:=/usr/local/src/onnxruntime}"

source_dir=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
mode=install
prefix=/opt/flinch
build_onnxruntime=no
onnxruntime_version=
missing=0

usage() { sed -n '2,11s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"; }
heading() { printf '\n== %s\n' "$*"; }
note() { printf '   %s\n' "$*"; }
lacks() { printf ' ! %s\n' "$*"; missing=$((missing + 1)); }
die() { printf 'jetson-setup: %s\n' "$*" >&2; exit 1; }

# Runs what changes the machine; --check passes over it, --dry-run prints it.
change() {
  case $mode in
    check) ;;
    dry-run) printf '   would run:'; printf ' %q' "$@"; printf '\n' ;;
    install) printf '   $'; printf ' %q' "$@"; printf '\n'; "$@" ;;
  esac
}

# --- What there is -----------------------------------------------------------------------------------------------

# The L4T release as "36.4.3"; nothing where this is no Jetson.
l4t_version() {
  [[ -r $L4T_RELEASE ]] || return 0
  sed -nE '1s/^# R([0-9]+) \(release\), REVISION: ([0-9.]+).*/\1.\2/p' "$L4T_RELEASE"
}

jetpack_of() {
  case ${1%%.*} in
    35) echo 5 ;;
    36) echo 6 ;;
    38 | 39) echo 7 ;;
    *) echo unknown ;;
  esac
}

# The ONNX Runtime that goes with a JetPack's CUDA and TensorRT.
onnxruntime_for() {
  case $1 in
    35.*) echo 1.16.3 ;;
    36.2* | 36.3*) echo 1.17.3 ;;
    36.*) echo 1.20.1 ;;
    *) echo 1.28.0 ;;
  esac
}

cuda_version() {
  local nvcc=$CUDA_HOME_DIR/bin/nvcc
  [[ -x $nvcc ]] && "$nvcc" --version | sed -nE 's/.*release ([0-9.]+),.*/\1/p'
}

package_version() { dpkg-query -W -f '${Version}\n' "$1" 2>/dev/null | grep -m1 . || true; }

opencv_version() { pkg-config --modversion opencv4 2>/dev/null || true; }

node_major() { node --version 2>/dev/null | sed -nE 's/^v([0-9]+)\..*/\1/p'; }

# --- Steps -------------------------------------------------------------------------------------------------------

detect() {
  heading "This machine"
  l4t=$(l4t_version)
  if [[ -z $l4t ]]; then
    [[ $mode == install ]] && die "this is no Jetson ($L4T_RELEASE is missing); --check and --dry-run work anywhere"
    lacks "no Jetson: $L4T_RELEASE is missing; what follows is what a JetPack 6 would be given"
    l4t=36.4.3
  fi
  jetpack=$(jetpack_of "$l4t")
  note "L4T $l4t, JetPack $jetpack"
  [[ $jetpack == unknown ]] && die "L4T $l4t is none of JetPack 5, 6 or 7: nothing is known about it here"
  local cuda tensorrt
  cuda=$(cuda_version || true)
  tensorrt=$(dpkg-query -W -f '${Version}\n' 'libnvinfer[0-9]*' 2>/dev/null | grep -m1 . || true)
  if [[ -n $cuda ]]; then note "CUDA $cuda"; else lacks "CUDA is not installed: apt-get install nvidia-jetpack"; fi
  if [[ -n $tensorrt ]]; then note "TensorRT $tensorrt"; else lacks "TensorRT is not installed: apt-get install nvidia-jetpack"; fi
  : "${onnxruntime_version:=$(onnxruntime_for "$l4t")}"
}

install_packages() {
  heading "Packages"
  local package wanted=()
  for package in build-essential ca-certificates curl git gnupg libopencv-dev pkg-config python3 python3-venv \
    gstreamer1.0-plugins-base gstreamer1.0-plugins-good gstreamer1.0-plugins-bad; do
    [[ -n $(package_version "$package") ]] || wanted+=("$package")
  done
  if ((${#wanted[@]} == 0)); then
    note "all there"
  else
    lacks "to install: ${wanted[*]}"
    change apt-get update
    change apt-get install -y --no-install-recommends "${wanted[@]}"
  fi
  local opencv
  opencv=$(opencv_version)
  if [[ -n $opencv ]]; then
    note "OpenCV $opencv"
  elif [[ $mode == install ]]; then
    die "pkg-config does not know opencv4: is libopencv-dev NVIDIA's or Ubuntu's, and is it whole?"
  fi
}

install_node() {
  heading "Node.js $NODE_MAJOR"
  local have
  have=$(node_major)
  if [[ -x /usr/bin/node && -n $have ]] && ((have >= NODE_MAJOR)); then
    note "Node.js $(node --version)"
    return
  fi
  lacks "Node.js ${have:-none}: the unit runs /usr/bin/node, $NODE_MAJOR or newer"
  local key=/usr/share/keyrings/nodesource.asc
  local repository=https://deb.nodesource.com
  change curl -fsSL --proto '=https' -o "$key" "$repository/gpgkey/nodesource-repo.gpg.key"
  change write_file /etc/apt/sources.list.d/nodesource.list \
    "deb [signed-by=$key] $repository/node_$NODE_MAJOR.x nodistro main"
  change apt-get update
  change apt-get install -y nodejs
}

write_file() { printf '%s\n' "$2" >"$1"; }

install_flinch() {
  heading "Flinch in $prefix"
  if [[ $source_dir != "$prefix" ]]; then
    [[ -e $prefix/package.json ]] || lacks "$prefix is empty"
    change mkdir -p "$prefix"
    # node_modules and dist of another machine would not run here: they are made in place.
    change copy_tree "$source_dir" "$prefix"
  fi
  change npm --prefix "$prefix" run setup
  change chmod +x "$prefix/dist/main.js"
  local command=/usr/local/bin/flinch
  if [[ $(readlink "$command" || true) == "$prefix/dist/main.js" ]]; then
    note "$command is there"
  else
    lacks "$command is missing"
    change ln -sfn "$prefix/dist/main.js" "$command"
  fi
}

copy_tree() {
  tar -C "$1" --exclude=./node_modules --exclude=./dist --exclude=./.git --exclude=./var --exclude=./training -cf - . |
    tar -C "$2" --no-same-owner -xf -
}

# Parallel jobs that the memory allows: at least one.
build_jobs() {
  local gb
  gb=$(awk '/^MemTotal|^SwapTotal/ { sum += $2 } END { print int(sum / 1000000) }' /proc/meminfo)
  echo $((gb / BUILD_JOB_GB > 0 ? gb / BUILD_JOB_GB : 1))
}

# The GPU's architecture, which the build must name or the first inference fails (cudaErrorNoKernelImageForDevice).
cuda_architecture() {
  local model
  model=$(tr -d '\0' 2>/dev/null </proc/device-tree/model || true)
  case $model in
    *Xavier*) echo 72 ;;
    *Thor*) echo 110 ;;
    *) echo 87 ;; # Orin
  esac
}

install_onnxruntime() {
  heading "ONNX Runtime $onnxruntime_version with CUDA and TensorRT"
  local modules=$prefix/node_modules/onnxruntime-node
  if compgen -G "$modules/bin/napi-v*/linux/arm64/libonnxruntime_providers_tensorrt.so" >/dev/null; then
    note "in place"
    return
  fi
  lacks "npm's onnxruntime-node for arm64 has the CPU only: inference will run on the CPU"
  if [[ $build_onnxruntime == no ]]; then
    note "run this again with --onnxruntime to build it here; that takes hours"
    return
  fi
  if ((jetpack == 5)); then
    note "JetPack 5: whether the Node binding of $onnxruntime_version offers TensorRT is not known; 'flinch doctor' tells"
  fi
  note "$(build_jobs) parallel jobs; a board of 8 GB needs 8 GB of swap or more"
  if [[ ! -d $ONNXRUNTIME_SOURCE ]]; then
    change git clone --depth 1 --branch "v$onnxruntime_version" --recursive \
      https://github.com/microsoft/onnxruntime "$ONNXRUNTIME_SOURCE"
  fi
  change python3 -m venv "$ONNXRUNTIME_SOURCE/.venv"
  change "$ONNXRUNTIME_SOURCE/.venv/bin/pip" install --upgrade 'cmake<4' numpy packaging setuptools wheel
  change env PATH="$ONNXRUNTIME_SOURCE/.venv/bin:$CUDA_HOME_DIR/bin:$PATH" "$ONNXRUNTIME_SOURCE/build.sh" \
    --allow_running_as_root --config Release --update --build --skip_tests --parallel "$(build_jobs)" \
    --build_shared_lib --build_nodejs --build_wheel \
    --use_cuda --cuda_home "$CUDA_HOME_DIR" --cudnn_home "$LIB_DIR" --use_tensorrt --tensorrt_home "$LIB_DIR" \
    --cmake_extra_defines "CMAKE_CUDA_ARCHITECTURES=$(cuda_architecture)" onnxruntime_BUILD_UNIT_TESTS=OFF
  # The JavaScript half must be of the same version as the native one.
  change env ONNXRUNTIME_NODE_INSTALL=skip npm --prefix "$prefix" install --no-save --ignore-scripts \
    "onnxruntime-node@$onnxruntime_version"
  change place_onnxruntime "$modules"
}

place_onnxruntime() {
  local built target
  for built in "$ONNXRUNTIME_SOURCE"/js/node/bin/napi-v*/linux/arm64; do
    [[ -d $built ]] || die "the build left no Node binding in $ONNXRUNTIME_SOURCE/js/node/bin"
    target=$1/${built#"$ONNXRUNTIME_SOURCE/js/node/"}
    mkdir -p "$target"
    cp -a "$built"/. "$target"/
    cp -a "$ONNXRUNTIME_SOURCE"/build/Linux/Release/libonnxruntime_providers_{shared,cuda,tensorrt}.so "$target"/
  done
}

install_service() {
  heading "Service"
  if id -u "$SERVICE_USER" >/dev/null 2>&1; then
    note "user $SERVICE_USER is there"
  else
    lacks "user $SERVICE_USER is missing"
    change useradd --system --home-dir "$STATE_DIR" --no-create-home --shell /usr/sbin/nologin "$SERVICE_USER"
  fi
  local group
  for group in video render; do
    if ! getent group "$group" >/dev/null; then
      lacks "group $group is missing"
      change groupadd --system "$group"
    fi
    if ! id -nG "$SERVICE_USER" 2>/dev/null | tr ' ' '\n' | grep -qx "$group"; then
      change usermod --append --groups "$group" "$SERVICE_USER"
    fi
  done
  change install -d -m 0750 -o root -g "$SERVICE_USER" "$CONFIG_DIR"
  change install -d -m 0700 -o "$SERVICE_USER" -g "$SERVICE_USER" "$STATE_DIR"
  if [[ -e $CONFIG_DIR/flinch.json ]]; then
    note "$CONFIG_DIR/flinch.json is kept"
  else
    lacks "$CONFIG_DIR/flinch.json is missing"
    change install_config "$CONFIG_DIR/flinch.json"
    note "edit it: a live camera is not opened without privacy.purpose"
  fi
  local unit=/etc/systemd/system/flinch.service
  if cmp -s <(unit_text) "$unit"; then
    note "$unit is up to date"
  else
    lacks "$unit is missing or older"
    change install_unit "$unit"
    change systemctl daemon-reload
  fi
}

# The unit names /opt/flinch; another prefix is written into it.
unit_text() { sed "s#/opt/flinch#$prefix#g" "$source_dir/systemd/flinch.service"; }

install_unit() {
  unit_text >"$1.new"
  chmod 0644 "$1.new"
  mv "$1.new" "$1"
}

# The example without its purpose: that one is for a person to declare.
install_config() {
  sed -E 's/("purpose": )"[^"]*"/\1""/' "$source_dir/config/example.json" >"$1.new"
  chown "root:$SERVICE_USER" "$1.new"
  chmod 0640 "$1.new"
  mv "$1.new" "$1"
}

run_doctor() {
  heading "Doctor"
  if [[ $mode == check && ! -x /usr/local/bin/flinch ]]; then
    note "flinch is not installed yet"
    return
  fi
  if [[ $mode == check ]]; then
    /usr/local/bin/flinch doctor --config "$CONFIG_DIR/flinch.json" || true
    return
  fi
  change runuser -u "$SERVICE_USER" -- env -C "$STATE_DIR" /usr/local/bin/flinch doctor \
    --config "$CONFIG_DIR/flinch.json" || note "see what the doctor says above"
}

# --- The command line --------------------------------------------------------------------------------------------

while (($# > 0)); do
  case $1 in
    --check) mode=check ;;
    --dry-run) mode=dry-run ;;
    --onnxruntime)
      build_onnxruntime=yes
      if [[ ${2-} =~ ^[0-9]+\.[0-9]+\.[0-9]+$ ]]; then
        onnxruntime_version=$2
        shift
      fi
      ;;
    --prefix)
      [[ ${2-} == /* ]] || die "--prefix needs an absolute path"
      prefix=${2%/}
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

if [[ $mode == install ]]; then
  ((EUID == 0)) || die "run it as root: sudo $0"
  [[ $(uname -m) == aarch64 ]] || die "a Jetson is aarch64, this is $(uname -m)"
fi

detect
install_packages
install_node
install_flinch
install_onnxruntime
install_service
run_doctor

heading "Done"
case $mode in
  check)
    note "$missing things are missing"
    ((missing == 0)) || exit 1
    ;;
  dry-run) note "nothing was changed" ;;
  install)
    note "edit $CONFIG_DIR/flinch.json, then: systemctl enable --now flinch; journalctl -fu flinch"
    ;;
esac

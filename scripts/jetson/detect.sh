# shellcheck shell=bash
# What machine this is: L4T and JetPack, CUDA, cuDNN, TensorRT, OpenCV, held against the table of versions.

# The L4T release as "36.4.3"; nothing where this is no Jetson.
l4t_version() {
  local release=$ROOT/etc/nv_tegra_release
  [[ -r $release ]] || return 0
  sed -nE '1s/^# R([0-9]+) \(release\), REVISION: ([0-9.]+).*/\1.\2/p' "$release"
}

# The module's name, from the device tree.
board_model() { tr -d '\0' 2>/dev/null <"$ROOT/proc/device-tree/model" || true; }

# The installed version of a Debian package (a pattern may match several: the first), without epoch and revision.
package_version() {
  dpkg-query -W -f '${db:Status-Status} ${Version}\n' "$1" 2>/dev/null | sed -nE '/^installed /{s///;s/^[0-9]+://;s/[-+].*//;p;q}'
}

cuda_version() {
  local nvcc=$ROOT/usr/local/cuda/bin/nvcc
  [[ ! -x $nvcc ]] || "$nvcc" --version | sed -nE 's/.*release ([0-9.]+),.*/\1/p'
}

# JetPack 5 and 6 have OpenCV 4; which one JetPack 7 has is not known.
opencv_version() { pkg-config --modversion opencv4 2>/dev/null || pkg-config --modversion opencv5 2>/dev/null || true; }

# says NAME FOUND EXPECTED: the version that is there, and where it is not the one that goes with this JetPack.
says() {
  local name=$1 found=$2 expected=$3
  if [[ -z $found ]]; then
    lacks "$name is not installed: apt-get install nvidia-jetpack"
  elif [[ $expected == '?' || $found == "$expected" || $found == "$expected".* ]]; then
    note "$name $found"
  else
    warn "$name $found, where $expected goes with JetPack $jetpack: inference on the GPU may not build or load"
  fi
}

# Sets l4t, jetpack, onnxruntime_version, onnxruntime_commit; ends with one line where nothing is known.
detect() {
  heading "This machine"
  l4t=$(l4t_version)
  if [[ -z $l4t ]]; then
    [[ $mode == install ]] && die "this is no Jetson ($ROOT/etc/nv_tegra_release is missing); --check and --dry-run work anywhere"
    lacks "no Jetson: $ROOT/etc/nv_tegra_release is missing; what follows is what JetPack 7.2 would be given"
    l4t=39.2.0
  fi
  local row ubuntu cuda cudnn tensorrt opencv version commit
  row=$(versions_row "$l4t")
  [[ -n $row ]] || die "L4T $l4t is none of JetPack 5, 6 or 7: nothing is known about it; add a row to scripts/jetson/versions.tsv"
  IFS=$'\t' read -r known jetpack ubuntu cuda cudnn tensorrt opencv version commit <<<"$row"
  # Node.js 24's headers are too new for its own compiler (scripts/build-opencv-binding.mjs).
  [[ $ubuntu != 20.04 ]] || RUN_PACKAGES+=(g++-10)
  note "L4T $l4t, JetPack $jetpack$(model=$(board_model); [[ -z $model ]] || echo ", $model")"
  [[ $l4t == "$known" || $l4t == "$known".* ]] || warn "L4T $l4t is not in the table: taken for L4T $known"
  says CUDA "$(cuda_version)" "$cuda"
  says cuDNN "$(package_version 'libcudnn[0-9]*')" "$cudnn"
  says TensorRT "$(package_version 'libnvinfer[0-9]*')" "$tensorrt"
  # JetPack's OpenCV is the one to build against; Ubuntu's own works too, without CUDA, which Flinch does not use.
  local have own=''
  have=$(opencv_version)
  [[ $opencv == '?' ]] || own=" (JetPack's own is $opencv)"
  if [[ -n $have ]]; then note "OpenCV $have$own"; fi
  # None is built for this JetPack unless a version is named.
  [[ $version != - ]] || version='' commit=''
  [[ -n $version || -n $onnxruntime_version || $onnxruntime != yes ]] ||
    die "JetPack $jetpack: Flinch does not support its GPU (docs/jetson-setup.md, Versions): run this without --onnxruntime, for the CPU"
  # Another version of ONNX Runtime was asked for: its commit is not known, so the tag alone is held to.
  if [[ -n $onnxruntime_version && $onnxruntime_version != "$version" ]]; then
    onnxruntime_commit=
  else
    onnxruntime_version=$version onnxruntime_commit=$commit
  fi
}

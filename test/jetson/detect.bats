#!/usr/bin/env bats
# Which machine it is, and what goes with it.
bats_require_minimum_version 1.5.0
load support/machine

# dry_run L4T-major revision: what would be done on such a board, told without doing it.
dry_run() {
  machine "$1" "$2"
  setup_script --dry-run --onnxruntime
  succeeds
}

@test "JetPack 5.1.x (R35) is given the CPU, and a wish for the GPU is refused" {
  machine 35 4.1
  setup_script --dry-run
  succeeds
  says "L4T 35.4.1, JetPack 5.1"
  says "g++-10"
  says "npm's, on the CPU: Flinch does not support the GPU with JetPack 5.1"
  setup_script --dry-run --onnxruntime
  fails
  says "JetPack 5.1: Flinch does not support its GPU"
  setup_script --dry-run --onnxruntime 1.17.3
  succeeds
  says "--branch v1.17.3 "
}

@test "JetPack 6.0 (R36.3) is given ONNX Runtime 1.17.3" {
  dry_run 36 3.0
  says "L4T 36.3.0, JetPack 6.0"
  says "--branch v1.17.3 "
}

@test "JetPack 6.1 and 6.2 (R36.4) are given ONNX Runtime 1.23.2" {
  dry_run 36 4.0
  says "L4T 36.4.0, JetPack 6.1"
  says "--branch v1.23.2 "
  l4t 36 4.3
  setup_script --dry-run --onnxruntime
  says "L4T 36.4.3, JetPack 6.2"
  says "--branch v1.23.2 "
}

@test "JetPack 6.2.2 and 6.2.3 (R36.5) are known by their own names" {
  dry_run 36 5.0
  says "L4T 36.5.0, JetPack 6.2.2"
  says "--branch v1.23.2 "
  l4t 36 5.2
  setup_script --dry-run
  says "L4T 36.5.2, JetPack 6.2.3"
}

@test "JetPack 7.2.1 and 7.2.2 (R39.2) too; what no document tells is held against nothing" {
  dry_run 39 2.1
  says "L4T 39.2.1, JetPack 7.2.1"
  l4t 39 2.2
  cuda 13.3
  has libnvinfer11 11.4.1.10-1+cuda13.3
  setup_script --dry-run
  says "L4T 39.2.2, JetPack 7.2.2"
  says "TensorRT 11.4.1.10"
  [[ $output != *"where "*"goes with"* ]]
}

@test "TensorRT 11 wants an ONNX Runtime that knows it" {
  machine 39 2.2
  has libnvinfer11 11.4.1.10-1+cuda13.3
  setup_script --dry-run --onnxruntime
  succeeds
  says "1.30.0 f2c39fe2f838cf35ce7da92824f5a5e3ee6e88a7 for L4T 39.2.2, sm_87, TensorRT 11"
  setup_script --dry-run --onnxruntime 1.26.0
  fails
  says "ONNX Runtime 1.26.0 does not build with TensorRT 11.4.1.10: 1.27 or newer does"
}

@test "OpenCV 5 is found by its own name" {
  machine 39 2.0
  has libopencv-dev 5.0.0
  echo 5.0.0 >"$FAKES/opencv"
  setup_script --dry-run
  says "OpenCV 5.0.0"
  echo 6.0.0 >"$FAKES/opencv"
  setup_script --dry-run
  [[ $output != *"OpenCV 6"* ]]
}

@test "JetPack 7 (R38, R39) is given ONNX Runtime 1.30.0" {
  dry_run 38 2.0
  says "L4T 38.2.0, JetPack 7.0"
  says "--branch v1.30.0 "
  l4t 39 2.0
  setup_script --dry-run --onnxruntime
  says "L4T 39.2.0, JetPack 7.2"
  says "--branch v1.30.0 "
}

@test "a minor release that the table does not list is taken for the last one of its kind, and says so" {
  dry_run 36 9.1
  says "L4T 36.9.1 is not in the table: taken for L4T 36.5.2"
}

@test "a release that nothing is known about ends with one line" {
  machine 99 1.0
  setup_script --dry-run
  fails
  says "L4T 99.1.0 is none of JetPack 5, 6 or 7: nothing is known about it; add a row to scripts/jetson/versions.tsv"
  l4t 32 7.1
  setup_script --check
  fails
  says "L4T 32.7.1 is none of JetPack 5, 6 or 7"
}

@test "a machine that is no Jetson may be looked at, and is not changed" {
  machine
  setup_script --check
  fails
  says "no Jetson: $FLINCH_ROOT/etc/nv_tegra_release is missing"
  setup_script
  fails
  says "this is no Jetson"
  [ ! -e "$PREFIX" ]
}

@test "another kind of processor is refused" {
  machine 36 4.3
  FAKE_MACHINE=x86_64 setup_script
  fails
  says "a Jetson is aarch64, this is x86_64"
}

@test "versions are read and held against those that go with the JetPack" {
  machine 36 3.0
  cuda 12.2
  has libcudnn8 8.9.4.25-1+cuda12.2
  has libnvinfer8 8.6.2.3-1+cuda12.2
  has libopencv-dev 4.8.0-1-g6371ee1
  echo 4.8.0 >"$FAKES/opencv"
  setup_script --dry-run
  says "CUDA 12.2"
  says "cuDNN 8.9.4.25"
  says "TensorRT 8.6.2.3"
  says "OpenCV 4.8.0 (JetPack's own is 4.8)"
  [[ $output != *"where "*"goes with"* ]]
  cuda 12.6
  setup_script --dry-run
  says "CUDA 12.6, where 12.2 goes with JetPack 6.0"
}

@test "what NVIDIA's packages lack is said with the way to get it" {
  machine 36 4.3
  setup_script --check
  for name in CUDA cuDNN TensorRT; do says "$name is not installed: apt-get install nvidia-jetpack"; done
}

@test "each module gets the GPU architecture that its GPU needs" {
  machine 36 4.3
  mkdir -p "$FLINCH_ROOT/proc/device-tree"
  local -A architectures=([NVIDIA Jetson Orin Nano]=87 [NVIDIA Jetson AGX Xavier]=72 [NVIDIA Jetson AGX Thor]=110)
  for model in "${!architectures[@]}"; do
    printf '%s\0' "$model" >"$FLINCH_ROOT/proc/device-tree/model"
    setup_script --dry-run --onnxruntime
    says "CMAKE_CUDA_ARCHITECTURES=${architectures[$model]} "
  done
}

@test "every commit in the table is one, and the page of the set-up names every row" {
  page=$REPOSITORY/docs/jetson-setup.md
  while IFS=$'\t' read -r l4t jetpack _ cuda cudnn tensorrt _ version commit; do
    [[ $l4t != '#'* ]] || continue
    [[ "$version $commit" =~ ^([0-9.]+\ [0-9a-f]{40}|-\ -)$ ]]
    grep -qF "| $l4t | $jetpack | $cuda | $cudnn | $tensorrt | $version |" "$page" || {
      echo "docs/jetson-setup.md lacks the row of $l4t"
      return 1
    }
  done <"$SCRIPTS/jetson/versions.tsv"
}

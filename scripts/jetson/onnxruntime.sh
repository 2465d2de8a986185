# shellcheck shell=bash
# ONNX Runtime with CUDA and TensorRT for Node.js: npm has none for arm64, so it is built here, once for every release
# (onnxruntime.ai, "Build with different EPs": Jetson; --build_nodejs from "Build for inferencing").

# Parallel jobs that memory and swap allow, at least one: a file of CUDA code takes up to 6 GB to compile.
build_jobs() {
  awk -v job=6000000 '/^MemTotal|^SwapTotal/ { sum += $2 } END { jobs = int(sum / job); print (jobs > 0 ? jobs : 1) }' /proc/meminfo
}

# The GPU's architecture, which the build must name or the first inference fails (cudaErrorNoKernelImageForDevice).
cuda_architecture() {
  case $(board_model) in
    *Xavier*) echo 72 ;;
    *Thor*) echo 110 ;;
    *) echo 87 ;; # Orin
  esac
}

# at_least VERSION LEAST
at_least() { [[ $(printf '%s\n' "$1" "$2" | sort -V | head -1) == "$2" ]]; }

build_onnxruntime() {
  if [[ -z $onnxruntime_version ]]; then
    heading "ONNX Runtime"
    note "npm's, on the CPU: Flinch does not support the GPU with JetPack $jetpack"
    return
  fi
  heading "ONNX Runtime $onnxruntime_version with CUDA and TensorRT"
  local home=$prefix/onnxruntime source=$ROOT/usr/local/src/onnxruntime
  local architecture what
  architecture=$(cuda_architecture)
  what="$onnxruntime_version $onnxruntime_commit for L4T $known, sm_$architecture"
  local tensorrt
  tensorrt=$(package_version 'libnvinfer[0-9]*' || true)
  # Told from 11 on, which may be put on a JetPack that came with 10: its libraries have other names.
  if [[ -n $tensorrt ]] && ((${tensorrt%%.*} >= 11)); then
    at_least "$onnxruntime_version" 1.27 || die "ONNX Runtime $onnxruntime_version does not build with TensorRT $tensorrt: 1.27 or newer does"
    what+=", TensorRT ${tensorrt%%.*}"
  fi
  if step_done onnxruntime "$what"; then
    note "built: $what"
    return
  fi
  if [[ $onnxruntime != yes && ! -f $STAMPS/onnxruntime ]]; then
    lacks "npm's onnxruntime-node for arm64 has the CPU only: inference will run on the CPU"
    note "run this again with --onnxruntime to build it here; that takes hours"
    return
  fi
  lacks "not built yet, or for another JetPack: $what"
  if [[ $onnxruntime != yes ]]; then
    note "run this again with --onnxruntime: libraries of another CUDA or TensorRT do not load"
    return
  fi
  note "$(build_jobs) parallel jobs; a board of 8 GB needs 8 GB of swap or more, and all want 30 GB of disk"
  # First, because npm does not have every version, and the build takes hours.
  fetch_javascript "$home.new"
  fetch_onnxruntime "$source"
  local python=$source/.venv/bin lib=/usr/lib/aarch64-linux-gnu
  change python3 -m venv "$source/.venv"
  change "$python/pip" install --upgrade 'cmake<4' numpy packaging setuptools wheel
  # Run again after a stop, it goes on where it was.
  change env PATH="$python:$node_home/bin:/usr/local/cuda/bin:$PATH" "$source/build.sh" \
    --allow_running_as_root --config Release --update --build --skip_tests --parallel "$(build_jobs)" \
    --build_shared_lib --build_nodejs --build_wheel \
    --use_cuda --cuda_home /usr/local/cuda --cudnn_home "$lib" --use_tensorrt --tensorrt_home "$lib" \
    --cmake_extra_defines "CMAKE_CUDA_ARCHITECTURES=$architecture" onnxruntime_BUILD_UNIT_TESTS=OFF
  keep_onnxruntime "$source" "$home" "$what"
  mark_done onnxruntime "$what"
}

# The tag's sources, held to the commit that the table names. A clone that was cut off is fetched anew.
fetch_onnxruntime() {
  local source=$1 head
  head=$(git -C "$source" rev-parse HEAD 2>/dev/null || true)
  if [[ -z $head || ( -n $onnxruntime_commit && $head != "$onnxruntime_commit" ) ]]; then
    change rm -rf "$source"
    change git clone --depth 1 --branch "v$onnxruntime_version" https://github.com/microsoft/onnxruntime "$source"
  fi
  if [[ -z $onnxruntime_commit ]]; then
    warn "the commit of $onnxruntime_version is not known here: its tag alone is held to"
  elif [[ $mode == install ]]; then
    head=$(git -C "$source" rev-parse HEAD)
    [[ $head == "$onnxruntime_commit" ]] ||
      die "the tag v$onnxruntime_version is commit $head, not $onnxruntime_commit: nothing was built; find out who moved it"
  fi
  change git -C "$source" submodule update --init --recursive --depth 1
}

# The JavaScript halves of the same version.
fetch_javascript() {
  local target=$1/npm
  change rm -rf "$1"
  change mkdir -p "$target"
  change env PATH="$node_home/bin:$PATH" npm pack --pack-destination "$target" \
    "onnxruntime-node@$onnxruntime_version" "onnxruntime-common@$onnxruntime_version"
}

# What releases need of the build, apart from its 20 GB of sources and objects.
keep_onnxruntime() {
  local source=$1 home=$2 what=$3
  change cp -a "$source/js/node/bin" "$home.new/node"
  change place_providers "$source/build/Linux/Release" "$home.new/node"
  [[ $mode != install ]] || printf '%s\n' "$onnxruntime_version" >"$home.new/VERSION"
  [[ $mode != install ]] || printf '%s\n' "$what" >"$home.new/BUILD"
  change rm -rf "$home"
  change mv -T "$home.new" "$home"
  # After the move, because an environment's scripts name their own folder.
  change python3 -m venv "$home"
  change install_wheel "$source/build/Linux/Release/dist" "$home/bin/python"
}

# The providers are loaded from beside the binding, where the build does not put them.
place_providers() {
  local folder
  for folder in "$2"/napi-v*/linux/arm64; do
    [[ -d $folder ]] || die "the build left no Node binding in js/node/bin"
    cp -a "$1"/libonnxruntime_providers_{shared,cuda,tensorrt}.so "$folder/"
  done
}

install_wheel() {
  local wheels=("$1"/*.whl)
  [[ -f ${wheels[0]} ]] || die "the build left no wheel in $1"
  # onnx for engines in half precision with TensorRT 11 (build_engine.py).
  "$2" -m pip install --force-reinstall "${wheels[0]}" onnx
}

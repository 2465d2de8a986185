# shellcheck shell=bash
# The ONNX Runtime that was built on this machine, put in place of npm's in a release. <prefix>/onnxruntime holds it
# apart from any release, so that an upgrade needs neither the network nor hours: VERSION, BUILD (what it was built for),
# node/ (the binding and its libraries), npm/ (the JavaScript halves of the same version) and a Python environment with
# its wheel.

apply_onnxruntime() {
  local release=$1 built=$prefix/onnxruntime version build name
  [[ -f $built/VERSION ]] || return 0
  version=$(<"$built/VERSION")
  # The same version may have been built again for another TensorRT.
  build=$(cat "$built/BUILD" 2>/dev/null || echo "$version")
  if [[ -f $release/.onnxruntime && $(<"$release/.onnxruntime") == "$build" ]]; then
    note "ONNX Runtime $version is in place"
    return
  fi
  for name in onnxruntime-common onnxruntime-node; do
    local module=$release/node_modules/$name
    change rm -rf "$module.new"
    change mkdir -p "$module.new"
    # Without npm's own libraries, which are of other machines and have no CUDA.
    change tar -xzf "$built/npm/$name-$version.tgz" -C "$module.new" --strip-components=1 --no-same-owner --exclude 'package/bin/napi-v*'
    [[ $name != onnxruntime-node ]] || change cp -a -T "$built/node" "$module.new/bin"
    change rm -rf "$module"
    change mv -T "$module.new" "$module"
  done
  [[ $mode != install ]] || printf '%s\n' "$build" >"$release/.onnxruntime"
}

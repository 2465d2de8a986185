# shellcheck shell=bash
# Flinch itself, as a release of its own: from these sources, or from the bundle of --offline.

install_flinch() {
  heading "Flinch in $prefix"
  use_store releases
  local version
  if [[ -n $offline ]]; then
    version=$bundle_version
    if is_complete "$version"; then
      note "$version is there"
      apply_onnxruntime "$store/$version"
    else
      lacks "$version is not installed"
      [[ $mode == dry-run ]] || install_unpacked
    fi
  elif [[ $source_dir == "$store"/* ]]; then
    version=${source_dir##*/}
    note "$version, which this script belongs to"
    apply_onnxruntime "$source_dir"
  else
    version=$(source_version)
    if is_complete "$version"; then
      note "$version is there"
      apply_onnxruntime "$store/$version"
    else
      lacks "$version is not installed"
      build_release "$store/$version" "$version"
    fi
  fi
  [[ $mode != check ]] || {
    [[ $(linked current) == "$version" ]] || lacks "$version is not current: $(linked current | grep . || echo none is)"
    return 0
  }
  switch_to "$version"
  prune "$keep"
}

# In place, so that a build that was interrupted goes on where it was: `npm run setup` knows what is done.
build_release() {
  local release=$1 part
  change mkdir -p "$release"
  for part in "${RELEASE_PARTS[@]}"; do
    change rm -rf "${release:?}/$part"
    change cp -a --no-preserve=ownership "$source_dir/$part" "$release/$part"
  done
  change ln -sfn "../../node/v$NODE_VERSION" "$release/node"
  change env PATH="$node_home/bin:$PATH" SETUP_NO_APT=1 npm --prefix "$release" run setup
  apply_onnxruntime "$release"
  change touch "$release/.complete"
}

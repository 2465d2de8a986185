# shellcheck shell=bash
# A release as it lies in the sources: its parts and its name.

# What a release is made of; what is built or fetched (dist, node_modules, node) comes on top.
RELEASE_PARTS=(LICENSE README.md package.json package-lock.json tsconfig.json .npmrc
  bench config demo docs examples models scripts src systemd)

# "<version>-<first digits of the contents' hash>": other sources are another release, the same ones are not.
source_version() {
  local version hash
  version=$(sed -nE 's/^  "version": "([^"]+)",$/\1/p' "$source_dir/package.json")
  hash=$(cd "$source_dir" && find "${RELEASE_PARTS[@]}" -type f -print0 | LC_ALL=C sort -z | xargs -0 sha256sum | sha256sum)
  printf '%s-%s' "$version" "${hash:0:8}"
}

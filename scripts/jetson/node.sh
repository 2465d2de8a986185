# shellcheck shell=bash
# Node.js in <prefix>/node/v<version>, beside nothing of the system's: a release names the one it was built for, so
# that Flinch and its native add-ons roll back together with it. The archive's hash is held to before it is unpacked.

install_node() {
  heading "Node.js $NODE_VERSION"
  node_home=$prefix/node/v$NODE_VERSION
  if [[ $("$node_home/bin/node" --version 2>/dev/null) == "v$NODE_VERSION" ]]; then
    note "$node_home is there"
    return
  fi
  lacks "$node_home is missing"
  # The bundle brings its own, which flinch-release.sh puts in place.
  [[ -z $offline ]] || return 0
  local archive=node-v$NODE_VERSION-linux-arm64.tar.xz
  change mkdir -p "$prefix/node"
  change rm -rf "$node_home" "$node_home.new"
  change mkdir "$node_home.new"
  change curl -fSL --proto '=https' --retry 3 -o "$prefix/node/$archive" "https://nodejs.org/dist/v$NODE_VERSION/$archive"
  change hold_to_sha256 "$prefix/node/$archive" "$NODE_ARCHIVE_SHA256"
  change tar -xJf "$prefix/node/$archive" -C "$node_home.new" --strip-components=1 --no-same-owner
  change mv -T "$node_home.new" "$node_home"
  change rm -f "$prefix/node/$archive"
}

# hold_to_sha256 FILE HASH: removes what is not as it should be, so that the next run fetches it again.
hold_to_sha256() {
  local found
  found=$(sha256sum "$1" | cut -d ' ' -f 1)
  [[ $found == "$2" ]] && return
  rm -f "$1"
  die "$(basename "$1") has the SHA-256 $found, not $2: it was removed; run this again, or find out who changed it"
}

# shellcheck shell=bash
# Versions side by side: <store>/<version>/, whole once it holds .complete, and the links current and previous.
# A switch is one rename, so that there is never a moment without a current version.

# use_store releases|models: sets store (the folder of versions), links (where current and previous lie), above (from
# the links to the versions).
use_store() {
  kind=$1
  case $kind in
    releases) store=$prefix/releases links=$prefix above=releases/ ;;
    models) store=$prefix/models links=$prefix/models above= ;;
  esac
}

is_complete() { [[ -f $store/$1/.complete ]]; }

# The version that a link names; nothing where there is no such link.
linked() {
  local target
  target=$(readlink "$links/$1" || true)
  printf '%s' "${target##*/}"
}

# point LINK VERSION: in one step, or not at all.
point() {
  change ln -sfn "$above$2" "$links/$1.new"
  change mv -T "$links/$1.new" "$links/$1"
}

# Versions that are whole, newest first.
complete_versions() {
  local stamp
  for stamp in "$store"/*/.complete; do
    [[ -f $stamp ]] && stat -c '%Y %n' "$stamp"
  done | sort -k1,1nr -k2,2 | sed -E 's#^[0-9]+ ##; s#/\.complete$##; s#.*/##'
}

list_versions() {
  local entry version mark
  for entry in "$store"/*/; do
    version=$(basename "$entry")
    [[ -d $entry && ! -L ${entry%/} ]] || continue
    mark=
    is_complete "$version" || mark=" (not whole: install it again)"
    [[ $version != "$(linked current)" ]] || mark=" (current)"
    [[ $version != "$(linked previous)" ]] || mark=" (previous)"
    printf '%s%s\n' "$version" "$mark"
  done
}

# prune KEEP: removes all but the newest KEEP whole versions; current and previous always stay.
prune() {
  local version kept=0
  for version in $(complete_versions); do
    if [[ $version == "$(linked current)" || $version == "$(linked previous)" ]] || ((kept < $1)); then
      kept=$((kept + 1))
    else
      # Not whole from here on, whatever happens half-way.
      change rm -f "$store/$version/.complete"
      change rm -rf "${store:?}/$version"
    fi
  done
}

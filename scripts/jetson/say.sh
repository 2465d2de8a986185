# shellcheck shell=bash
# How the set-up speaks, and the one door through which it changes anything.

mode=${mode:-install}
missing=0

heading() { printf '\n== %s\n' "$*"; }
note() { printf '   %s\n' "$*"; }
warn() { printf ' ! %s\n' "$*"; }
lacks() {
  warn "$@"
  missing=$((missing + 1))
}
die() {
  printf '%s: %s\n' "$(basename "$0" .sh)" "$*" >&2
  exit 1
}

# takes PATTERN OPTION VALUE…: ends with one line where the option's value is not of this form.
takes() { [[ ${3-} =~ ^$1$ ]] || die "$2 does not take '${3-}' (it takes $1)"; }

# Runs what changes the machine; --check passes over it, --dry-run prints it.
change() {
  case $mode in
    check) ;;
    dry-run) printf '   would run:'; printf ' %q' "$@"; printf '\n' ;;
    *) printf '   $'; printf ' %q' "$@"; printf '\n'; "$@" ;;
  esac
}

# The same for a file that another program writes: change_file DESTINATION MODE [OWNER:GROUP] <text.
# The file is put in place whole or not at all; nothing happens where it says this already.
change_file() {
  local destination=$1 permissions=$2 owner=${3-} text
  text=$(cat)
  if [[ -f $destination && $(<"$destination") == "$text" ]]; then
    note "$destination is up to date"
    return
  fi
  lacks "$destination is missing or older"
  case $mode in
    check) ;;
    dry-run) note "would write: $destination" ;;
    *)
      note "> $destination"
      mkdir -p "${destination%/*}"
      printf '%s\n' "$text" >"$destination.new"
      chmod "$permissions" "$destination.new"
      [[ -z $owner ]] || chown "$owner" "$destination.new"
      mv -f "$destination.new" "$destination"
      ;;
  esac
}

# step_done NAME WHAT: true when the step was finished for WHAT. mark_done says so, and only after success.
step_done() { [[ -f $STAMPS/$1 && $(<"$STAMPS/$1") == "$2" ]]; }
mark_done() {
  [[ $mode == install ]] || return 0
  mkdir -p "$STAMPS"
  printf '%s\n' "$2" >"$STAMPS/$1.new"
  mv -f "$STAMPS/$1.new" "$STAMPS/$1"
}

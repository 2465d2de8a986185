# shellcheck shell=bash
# From one version to another, and back when the new one does not hold.

# What a release's own doctor says of this machine, as JSON, asked as the service would; nothing where it cannot say.
doctor_of() {
  local release=$1
  [[ -x $release/node/bin/node ]] || return 0
  runuser -u "$SERVICE_USER" -- env -C "$STATE_DIR" "$release/node/bin/node" "$release/dist/main.js" doctor --json \
    --config "$CONFIG_DIR/flinch.json" 2>/dev/null || true
}

# Refuses a release whose doctor finds something that the one in force does not suffer from. What both suffer from
# (a camera that the running daemon holds, a broker that is away) is no reason to stay.
compare_doctors() {
  local old=$1 new=$2 before after
  [[ $mode == install && -e $CONFIG_DIR/flinch.json ]] || return 0
  before=$(doctor_of "$store/$old")
  after=$(doctor_of "$store/$new")
  "$store/$new/node/bin/node" "$here/release/worse.mjs" "$before" "$after" ||
    die "$new is refused, $old stays; look with: $store/$new/node/bin/node $store/$new/dist/main.js doctor --config $CONFIG_DIR/flinch.json (or switch --force)"
}

restart_service() { change systemctl try-restart flinch.service 'flinch@*.service'; }

# switch_to VERSION [--force]
switch_to() {
  local new=$1 force=${2-} old before
  [[ $mode == dry-run ]] || is_complete "$new" || die "$new is not installed, or not whole: $(basename "$0") list says what is there"
  old=$(linked current)
  if [[ $old == "$new" ]]; then
    note "$new is current"
    return
  fi
  before=$(linked previous)
  [[ $kind != releases || -z $old || -n $force ]] || compare_doctors "$old" "$new"
  # previous first: a stop between the two leaves the old version current.
  [[ -z $old ]] || point previous "$old"
  point current "$new"
  restart_service && return
  [[ -n $old ]] || die "the service does not start with $new: journalctl -u flinch"
  point current "$old"
  if [[ -n $before ]]; then point previous "$before"; else change rm -f "$links/previous"; fi
  restart_service || true
  die "the service did not start with $new, so $old is current again: journalctl -u flinch"
}

rollback() {
  local back
  back=$(linked previous)
  [[ -n $back && $back != "$(linked current)" ]] || die "there is no previous version to go back to"
  switch_to "$back" --force
}

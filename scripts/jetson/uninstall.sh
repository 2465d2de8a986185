# shellcheck shell=bash
# Takes away what the set-up brought, and nothing else: Debian packages stay, and so do configuration, state and user
# unless --purge is given. A second run finds nothing to do.

uninstall() {
  heading "Units"
  local unit name
  for unit in "$ROOT"/etc/systemd/system/flinch{,@,-*}.{service,timer}; do
    [[ -e $unit ]] || continue
    name=${unit##*/}
    # A template is stopped through its instances.
    change systemctl disable --now "${name/@/@*}" || warn "$name could not be stopped"
    change rm -f "$unit"
    change systemctl daemon-reload
  done
  heading "Files"
  local path
  for path in "$ROOT/etc/udev/rules.d/70-flinch-camera.rules" "$ROOT/usr/local/bin/flinch" \
    "$COMPLETION" "$prefix"/{releases,models,node,onnxruntime,current,previous,.setup,.incoming,.lock}; do
    [[ -e $path || -L $path ]] || continue
    change rm -rf "$path"
  done
  # Only when empty: what somebody else put there is theirs.
  if [[ -d $prefix ]]; then change rmdir "$prefix" || warn "$prefix holds what Flinch did not bring: kept"; fi
  if [[ $purge == no ]]; then
    note "kept: $CONFIG_DIR, $STATE_DIR, the user $SERVICE_USER and $ROOT/usr/local/src/onnxruntime; --purge removes them too"
    return
  fi
  heading "Configuration and state"
  for path in "$CONFIG_DIR" "$STATE_DIR" "$ROOT/usr/local/src/onnxruntime"; do
    [[ ! -e $path ]] || change rm -rf "$path"
  done
  if id -u "$SERVICE_USER" >/dev/null 2>&1; then change userdel "$SERVICE_USER"; fi
}

# shellcheck shell=bash
# The service: its user, folders, cameras' names, configuration, command and units.

install_service() {
  heading "Service"
  install_user
  change_folder "$CONFIG_DIR" 0750 "root:$SERVICE_USER"
  change_folder "$STATE_DIR" 0700 "$SERVICE_USER:$SERVICE_USER"
  install_config
  change_file "$ROOT/usr/local/bin/flinch" 0755 <<-END
	#!/bin/sh
	exec "$installed/current/node/bin/node" "$installed/current/dist/main.js" "\$@"
	END
  # Asked of the command, so that it is always that of the release in force.
  # shellcheck disable=SC2016  # the user's shell expands it
  change_file "$COMPLETION" 0644 <<<'eval "$(flinch completion bash 2>/dev/null)"'
  install_udev_rule
  local unit
  for unit in "$source_dir"/systemd/*.service "$source_dir"/systemd/*.timer; do
    # That one is for those who ask for it, with --clocks.
    [[ ! -f $unit || $unit == */flinch-clocks.service ]] || install_unit "${unit##*/}"
  done
}

install_user() {
  local group
  if id -u "$SERVICE_USER" >/dev/null 2>&1; then
    note "user $SERVICE_USER is there"
  else
    lacks "user $SERVICE_USER is missing"
    change useradd --system --user-group --home-dir "${STATE_DIR#"$ROOT"}" --no-create-home --shell /usr/sbin/nologin "$SERVICE_USER"
  fi
  # Cameras belong to video, the GPU to video and render.
  for group in video render; do
    if ! getent group "$group" >/dev/null; then
      lacks "group $group is missing"
      change groupadd --system "$group"
    fi
    if ! id -nG "$SERVICE_USER" 2>/dev/null | tr ' ' '\n' | grep -qx "$group"; then
      lacks "$SERVICE_USER is not in the group $group"
      change usermod --append --groups "$group" "$SERVICE_USER"
    fi
  done
}

change_folder() {
  if [[ -d $1 ]]; then
    note "$1 is there"
    return
  fi
  lacks "$1 is missing"
  change mkdir -p "$1"
  change chmod "$2" "$1"
  change chown "$3" "$1"
}

# The example without its purpose: that one is for a person to declare, and no live camera is opened before.
install_config() {
  local file=$CONFIG_DIR/flinch.json
  if [[ -e $file ]]; then
    note "$file is kept"
    return
  fi
  sed -E 's/("purpose": )"[^"]*"/\1""/' "$source_dir/config/example.json" | change_file "$file" 0640 "root:$SERVICE_USER"
  note "edit it: a live camera is not opened without privacy.purpose"
}

install_udev_rule() {
  local rule=$ROOT/etc/udev/rules.d/70-flinch-camera.rules
  if cmp -s "$here/jetson/70-flinch-camera.rules" "$rule"; then
    note "$rule is up to date"
    return
  fi
  change_file "$rule" 0644 <"$here/jetson/70-flinch-camera.rules"
  change udevadm control --reload
  change udevadm trigger --subsystem-match=video4linux
}

# Units name /opt/flinch and the system's Node.js; here they get this prefix and the release's own.
unit_text() {
  sed -E "s#/opt/flinch/(current/)?(dist/|README)#/opt/flinch/current/\2#g; s#/usr/bin/node #/opt/flinch/current/node/bin/node #g; s#/opt/flinch#$installed#g" \
    "$source_dir/systemd/$1"
}

install_unit() {
  local unit=$ROOT/etc/systemd/system/$1
  if cmp -s <(unit_text "$1") "$unit"; then
    note "$unit is up to date"
    return
  fi
  unit_text "$1" | change_file "$unit" 0644
  change systemctl daemon-reload
}

# flinch COMMAND as the service would run it: its user, its folder.
as_service() {
  change runuser -u "$SERVICE_USER" -- env -C "$STATE_DIR" "$prefix/current/node/bin/node" "$prefix/current/dist/main.js" \
    "$@" --config "$CONFIG_DIR/flinch.json"
}

warm_engines() {
  [[ $warm == yes ]] || return 0
  heading "TensorRT engines"
  lacks "engines are built ahead with --warm: minutes the first time, nothing when they are there"
  as_service warm
  if [[ -f $source_dir/systemd/flinch-warm.service ]]; then change systemctl enable flinch-warm.service; fi
}

run_doctor() {
  heading "Doctor"
  if [[ $mode == check ]]; then
    if [[ -x $prefix/current/node/bin/node ]]; then
      "$prefix/current/node/bin/node" "$prefix/current/dist/main.js" doctor --config "$CONFIG_DIR/flinch.json" ||
        lacks "the doctor is not content: see above"
    else
      note "flinch is not installed yet"
    fi
    return
  fi
  as_service doctor || note "see what the doctor says above: a fresh configuration lacks its purpose, its broker and maybe its camera"
}

# shellcheck shell=bash
# Power mode and clocks: only when asked for, because a higher mode needs the power supply and the cooling for it.

set_power_mode() {
  [[ -n $power_mode ]] || return 0
  heading "Power mode $power_mode"
  local now
  now=$(nvpmodel -q 2>/dev/null | grep -m1 -xE '[0-9]+' || true)
  if [[ $now == "$power_mode" ]]; then
    note "in force"
    return
  fi
  lacks "power mode ${now:-unknown} is in force"
  # Some modes take effect after a reboot only, and nvpmodel asks about that: no input means "not now".
  change nvpmodel -m "$power_mode" </dev/null
  note "nvpmodel keeps it over a restart; where it asked for a reboot, reboot when it suits"
}

set_clocks() {
  [[ $clocks == yes ]] || return 0
  heading "Clocks at their highest"
  install_unit flinch-clocks.service
  if [[ $(systemctl is-enabled flinch-clocks.service 2>/dev/null) == enabled ]]; then
    note "flinch-clocks.service is enabled"
  else
    lacks "flinch-clocks.service is not enabled"
    change systemctl enable --now flinch-clocks.service
  fi
}

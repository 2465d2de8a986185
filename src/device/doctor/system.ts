import { existsSync } from "node:fs";
import type { Check } from "../../lib/check.js";
import { outputOf } from "../../lib/run-command.js";

type Output = typeof outputOf;

/** systemd's tool that carries the signs of life; needed only where systemd runs the daemon. */
export function systemdNotifyCheck(run: Output = outputOf): Check {
  return {
    name: "systemd-notify",
    run: async () => {
      const version = (await run("systemd-notify", ["--version"]))?.split("\n")[0];
      if (version !== undefined) return { status: "ok", detail: version };
      return { status: "warn", detail: "not installed", advice: "without it the unit must not be of Type=notify" };
    },
  };
}

/** Events carry wall-clock times: a clock that nobody sets makes them worthless beside other recordings. */
export function clockCheck(run: Output = outputOf, exists = existsSync): Check {
  return {
    name: "clock",
    run: async () => {
      const told = await run("timedatectl", ["show", "--property=NTPSynchronized", "--value"]);
      if (told === "yes" || exists("/run/systemd/timesync/synchronized"))
        return { status: "ok", detail: "synchronised" };
      const detail = told === "no" ? "not synchronised" : "cannot tell whether it is synchronised";
      return { status: "warn", detail, advice: "set the time by NTP: timedatectl set-ntp true, or chrony" };
    },
  };
}

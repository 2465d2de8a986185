import { type ChildProcess, spawn } from "node:child_process";
import type { Test } from "tap";

/** A room in a process of its own, which can be killed as a power cut would. */
export function startRoomProcess(t: Test, url: string, id: string, ...argv: string[]): ChildProcess {
  const child = spawn(process.execPath, [...process.execArgv, "test/fleet/support/room-child.ts", url, id, ...argv], {
    stdio: "inherit",
  });
  t.teardown(() => child.kill("SIGKILL"));
  return child;
}

import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Test } from "tap";

/** Why a test that listens for notifications is left out, or false where it is not. */
export const noSystemdNotify =
  spawnSync("systemd-notify", ["--version"]).status === 0 ? false : "needs systemd-notify (Debian package systemd)";

/** Node has no datagrams on Unix sockets: prints what arrives, a line for each assignment. */
const RECEIVER = `
import socket, sys
s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
s.bind(sys.argv[1])
print("ready", flush=True)
while True: print(s.recv(4096).decode(), flush=True)
`;

/** Stands in for systemd: a socket, and every assignment that was sent to it, in order. */
export async function notifySocket(t: Test): Promise<{ readonly path: string; readonly heard: readonly string[] }> {
  // Not in the test's own folder: the path of a Unix socket has room for 107 characters.
  const dir = await mkdtemp(join(tmpdir(), "flinch-"));
  t.teardown(() => rm(dir, { recursive: true }));
  const path = join(dir, "notify");
  const receiver = spawn("python3", ["-c", RECEIVER, path], { stdio: ["ignore", "pipe", "inherit"] });
  t.teardown(() => receiver.kill("SIGKILL"));
  const heard: string[] = [];
  const lines = createInterface({ input: receiver.stdout });
  await once(lines, "line");
  lines.on("line", (line) => void heard.push(line));
  return { path, heard };
}

import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import t, { type Test } from "tap";
import { DEMO_VIDEO, EVERY_CANDIDATE } from "../support/demo.js";
import { until } from "../support/logs.js";
import { noSystemdNotify } from "../support/notify-socket.js";

const SUPERVISE = "container/supervise.py";

/** A program under supervision; `watchdog` in seconds. */
async function supervised(t: Test, watchdog: number, ...command: string[]) {
  // Not in the test's own folder: the path of a Unix socket has room for 107 characters.
  const dir = await mkdtemp(join(tmpdir(), "flinch-"));
  const env = { ...process.env, SUPERVISE_DIR: dir, SUPERVISE_WATCHDOG_S: String(watchdog) };
  const child: ChildProcess = spawn("python3", [SUPERVISE, ...command], { env, stdio: ["ignore", "ignore", "pipe"] });
  const said: string[] = [];
  child.stderr?.on("data", (data: Buffer) => void said.push(data.toString()));
  const ended = once(child, "close").then(([status]) => status as number | null);
  t.teardown(async () => {
    child.kill("SIGTERM");
    await ended;
    await rm(dir, { recursive: true });
  });
  const healthy = () => spawnSync("python3", [SUPERVISE, "--healthy"], { env }).status === 0;
  return { child, ended, healthy, said };
}

t.test("the program's own end is the container's", { skip: noSystemdNotify }, async (t) => {
  t.equal(await (await supervised(t, 60, "bash", "-c", "systemd-notify READY=1; exit 3")).ended, 3);
  t.equal(await (await supervised(t, 60, "bash", "-c", "kill -SEGV $$")).ended, 139);
});

t.test("a program that stands still is ended", { skip: noSystemdNotify }, async (t) => {
  const { ended, said } = await supervised(t, 0.5, "bash", "-c", "systemd-notify READY=1; exec sleep 600");
  t.equal(await ended, 70);
  t.match(said.join(""), /no sign of life, ending bash/);
});

t.test("it is healthy from its first word on, and as long as it speaks", { skip: noSystemdNotify }, async (t) => {
  const silent = await supervised(t, 60, "sleep", "600");
  t.notOk(silent.healthy());
  const { healthy, child, ended } = await supervised(t, 60, "bash", "-c", "systemd-notify READY=1; exec sleep 600");
  await until(healthy);
  child.kill("SIGTERM");
  t.equal(await ended, 143);
});

t.test("the daemon lives under it, and stops cleanly", { skip: noSystemdNotify }, async (t) => {
  const place = t.testdir();
  const source = ["--source.kind=file", `--source.uri=${DEMO_VIDEO}`, "--source.loop", "--mqtt.embeddedPort=0"];
  const where = [`--outbox.directory=${place}/outbox`, `--state.directory=${place}/state`];
  const run = [process.execPath, "dist/main.js", "run", ...source, ...where, ...EVERY_CANDIDATE];
  const { child, healthy, ended, said } = await supervised(t, 60, ...run);
  await until(healthy, 60_000);
  child.kill("SIGTERM");
  t.equal(await ended, 0, said.join(""));
});

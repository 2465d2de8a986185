import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import t from "tap";
import { Notifier, watchdogIntervalMs } from "../../src/ops/notify.js";
import { progressSince, type Work } from "../../src/ops/progress.js";

const missing =
  spawnSync("systemd-notify", ["--version"]).status === 0 ? false : "needs systemd-notify (Debian package systemd)";

/** Stands in for systemd: prints what arrives on a Unix datagram socket, a line for each assignment. */
const RECEIVER = `
import socket, sys
s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
s.bind(sys.argv[1])
print("ready", flush=True)
while True: print(s.recv(4096).decode(), flush=True)
`;

t.test("systemd hears the start, the status, the watchdog and the end", { skip: missing }, async (t) => {
  // Not in the test's own folder: the path of a Unix socket has room for 107 characters.
  const dir = await mkdtemp(join(tmpdir(), "flinch-"));
  t.teardown(() => rm(dir, { recursive: true }));
  const socket = join(dir, "notify");
  const receiver = spawn("python3", ["-c", RECEIVER, socket], { stdio: ["ignore", "pipe", "inherit"] });
  t.teardown(() => receiver.kill("SIGKILL"));
  const heard: string[] = [];
  const lines = createInterface({ input: receiver.stdout });
  await once(lines, "line");
  const fed = new Promise<void>((resolve) => {
    lines.on("line", (line) => {
      heard.push(line);
      if (line === "WATCHDOG=1") resolve();
    });
  });
  // The tool finds the socket in its own environment, as it does under systemd.
  process.env["NOTIFY_SOCKET"] = socket;
  t.teardown(() => delete process.env["NOTIFY_SOCKET"]);
  const warnings: string[] = [];
  const notifier = new Notifier({
    env: { NOTIFY_SOCKET: socket, WATCHDOG_USEC: "100000" },
    progress: () => true,
    watchdog: true,
    warn: (message) => warnings.push(message),
  });
  const stay = setInterval(() => undefined, 1000);
  await notifier.ready("watching\n30 fps");
  await fed;
  await notifier.stopping();
  await notifier.stopping();
  clearInterval(stay);
  while (!heard.includes("STOPPING=1")) await once(lines, "line");
  t.ok(heard.includes("READY=1"));
  t.ok(heard.includes("STATUS=watching 30 fps"));
  t.same(warnings, []);
});

t.test("without systemd nothing is sent, and a tool that fails is told of once", async (t) => {
  const sent: string[] = [];
  const warnings: string[] = [];
  const common = { progress: () => true, watchdog: true, warn: (message: string) => warnings.push(message) };
  const alone = new Notifier({ ...common, env: {}, send: async (words) => void sent.push(...words) });
  await alone.ready("x");
  await alone.stopping();
  t.same(sent, []);
  const broken = new Notifier({
    ...common,
    env: { NOTIFY_SOCKET: "/x" },
    send: () => Promise.reject(new Error("no tool")),
  });
  await broken.ready("x");
  await broken.status("y");
  t.same(warnings, ["systemd-notify failed: no tool"]);
});

t.test("without progress the watchdog goes hungry", async (t) => {
  let working = true;
  const sent: string[] = [];
  const warned = new Promise<string>((resolve) => {
    const notifier = new Notifier({
      env: { NOTIFY_SOCKET: "/x", WATCHDOG_USEC: "20000" },
      progress: () => working,
      watchdog: true,
      warn: resolve,
      send: async (words) => {
        sent.push(...words);
        if (words.includes("WATCHDOG=1")) working = false;
      },
    });
    void notifier.ready("x");
    t.teardown(() => notifier.stopping());
  });
  const stay = setInterval(() => undefined, 1000);
  t.match(await warned, /no progress/);
  clearInterval(stay);
  t.equal(sent.filter((word) => word === "WATCHDOG=1").length, 1);
});

t.test("the watchdog's interval is taken only where it is meant for this process", async (t) => {
  t.equal(watchdogIntervalMs({ WATCHDOG_USEC: "30000000" }, 7), 30_000);
  t.equal(watchdogIntervalMs({ WATCHDOG_USEC: "30000000", WATCHDOG_PID: "7" }, 7), 30_000);
  t.equal(watchdogIntervalMs({ WATCHDOG_USEC: "30000000", WATCHDOG_PID: "8" }, 7), undefined);
  for (const usec of [undefined, "", "0", "x"]) t.equal(watchdogIntervalMs({ WATCHDOG_USEC: usec }, 7), undefined);
});

t.test("progress is frames processed, or a source that is known to be away", async (t) => {
  let work: Work = { processed: 0, source: "opening" };
  const progress = progressSince(() => work);
  const asked = (next: Work): boolean => {
    work = next;
    return progress();
  };
  t.equal(asked({ processed: 0, source: "opening" }), true);
  t.equal(asked({ processed: 10, source: "streaming" }), true);
  t.equal(asked({ processed: 10, source: "streaming" }), false);
  t.equal(asked({ processed: 10, source: "lost" }), true);
  t.equal(asked({ processed: 11, source: "streaming" }), true);
});

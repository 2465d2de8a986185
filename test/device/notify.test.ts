import t from "tap";
import { Notifier, watchdogIntervalMs } from "../../src/device/notify.js";
import { progressSince, type Work } from "../../src/device/progress.js";
import { until } from "../support/logs.js";
import { noSystemdNotify, notifySocket } from "../support/notify-socket.js";

t.test("systemd hears the start, the status, the watchdog and the end", { skip: noSystemdNotify }, async (t) => {
  const { path: socket, heard } = await notifySocket(t);
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
  await until(() => heard.includes("WATCHDOG=1"));
  await notifier.stopping();
  await notifier.stopping();
  clearInterval(stay);
  await until(() => heard.includes("STOPPING=1"));
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

/** Asks for progress after each of these. */
function answers(
  ...steps: readonly Partial<{ frames: number; frame: number; clips: number; clip: number; source: Work["source"] }>[]
) {
  let now = { frames: 0, frame: 0, clips: 0, clip: 0, source: "streaming" as Work["source"] };
  const progress = progressSince(() => ({
    frames: { done: now.frames, inHand: now.frame },
    clips: { done: now.clips, inHand: now.clip },
    source: now.source,
  }));
  progress();
  return steps.map((step) => {
    now = { ...now, ...step };
    return progress();
  });
}

t.test("frames that are analysed are progress, and a source that is known to be away is excused", async (t) => {
  t.same(answers({ frames: 9 }, {}, { frames: 10 }), [true, false, true]);
  t.same(answers({ source: "lost" }, {}, { source: "opening" }, { source: "ended" }), [true, true, true, true]);
  t.same(answers({ source: "lost" }, { source: "streaming" }, { frames: 1 }), [true, false, true]);
});

t.test("a frame or a clip that never comes out is no progress, whatever else goes on", async (t) => {
  t.same(answers({ source: "lost", frame: 1 }, { source: "ended" }), [false, false]);
  t.same(answers({ frames: 1, clip: 1 }, { frames: 2 }, { frames: 3, clips: 1 }), [false, false, true]);
  t.same(answers({ source: "ended", clip: 2 }, { clips: 1, clip: 1 }, {}, { clips: 2, clip: 0 }), [
    false,
    true,
    false,
    true,
  ]);
});

t.test("another pipeline counts from the beginning, which is progress too", async (t) => {
  t.same(
    answers({ frames: 500, clips: 7 }, { frames: 0, clips: 0, source: "opening" }, { source: "streaming", frames: 3 }),
    [true, true, true],
  );
});

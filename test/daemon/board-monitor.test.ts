import t from "tap";
import { ConfigInForce, loadConfig } from "../../src/config/index.js";
import type { BoardReading } from "../../src/contract/board.js";
import { BoardMonitor } from "../../src/daemon/board-monitor.js";
import { Logs, until } from "../support/logs.js";

const QUIET: BoardReading = {
  temperaturesC: { tj: 50 },
  hottestC: 50,
  headroomC: 49,
  throttled: false,
  throttledBy: [],
  overCurrentEvents: 0,
  powerMode: null,
  cpu: { hz: null, maxHz: null, load: null },
  gpu: { hz: null, maxHz: null, load: null },
  totalW: null,
  railsW: {},
  memory: { totalMb: null, availableMb: null },
};
const THROTTLED = { ...QUIET, throttled: true, throttledBy: ["gpu-throttle-alert"] };

/** A watch of the board whose clock a test moves, and what came of it. */
function watched(...argv: string[]) {
  const logs = new Logs();
  const { config } = loadConfig({ argv: ["--board.hotSeconds=10", "--board.coolSeconds=30", ...argv] });
  const inForce = new ConfigInForce(config);
  const seen = {
    nowMs: 0,
    reading: QUIET as BoardReading | null,
    steps: [] as string[],
    told: 0,
    reads: 0,
  };
  const camera = {
    source: { live: true },
    sourceStats: () => ({ measuredFps: 60 }),
    shed: (step: string) => void seen.steps.push(step),
  };
  const board = new BoardMonitor({
    settings: () => inForce.current.board,
    read: async () => {
      seen.reads++;
      return seen.reading;
    },
    run: () => camera,
    log: logs,
    publishState: () => void seen.told++,
    now: () => seen.nowMs,
    wallNow: () => seen.nowMs,
  });
  const after = async (seconds: number) => {
    seen.nowMs += seconds * 1000;
    await board.sample();
    return seen.steps.at(-1);
  };
  return { board, logs, seen, after, inForce };
}

t.test("heat reaches the watch at work, the log and the state, step by step and back", async (t) => {
  const { board, logs, seen, after } = watched();
  t.equal(await after(1), "full");
  t.equal(seen.told, 1, "the first reading is told");
  seen.reading = THROTTLED;
  t.strictSame([await after(1), await after(10), await after(10)], ["full", "fewer_searches", "every_second_frame"]);
  t.match(board.load, { step: "every_second_frame", changes: 2, suffices: true });
  t.equal(board.reading, THROTTLED);
  await after(10);
  t.equal(board.load.suffices, false);
  t.strictSame(logs.lines, [
    "warn load: faces are searched for less often",
    "warn load: every second frame is left out",
    "warn load: the board is still hot, and nothing more can be left out",
  ]);
  seen.reading = QUIET;
  await after(1);
  t.strictSame([await after(30), await after(30)], ["fewer_searches", "full"]);
  t.equal(logs.lines.at(-1), "info load: all the work is done again");
  const { told } = seen;
  t.ok(told >= 6, "each change is told");
  await after(30);
  t.equal(seen.told, told, "and nothing else");
});

t.test("live settings are followed", async (t) => {
  const { inForce, seen, after } = watched();
  seen.reading = THROTTLED;
  await after(1);
  t.equal(await after(10), "fewer_searches");
  inForce.replace(loadConfig({ argv: ["--board.shedLoad=false"] }).config);
  t.equal(await after(1), "full");
});

t.test("it reads by itself, one reading at a time, until it is stopped; switched off it never does", async (t) => {
  const { board, seen } = watched("--board.sampleSeconds=0.1");
  board.start();
  t.equal(board.sample(), board.sample(), "one that is under way is waited for");
  await until(() => seen.reads >= 3);
  await board.stop();
  const { reads } = seen;
  await new Promise((resolve) => setTimeout(resolve, 250));
  t.equal(seen.reads, reads);
  const off = watched("--board.enabled=false");
  off.board.start();
  await new Promise((resolve) => setTimeout(resolve, 50));
  t.equal(off.seen.reads, 0);
  t.equal(off.board.reading, null);
  await off.board.stop();
});

import t from "tap";
import { type Heat, LoadShedder } from "../../src/pipeline/load-shedder.js";

const settings = { shedLoad: true, hotMarginC: 2, coolMarginC: 8, hotSeconds: 20, coolSeconds: 120 };
const heat = (headroomC: number | null, throttled: boolean | null = false): Heat => ({
  throttled,
  throttledBy: throttled ? ["cpu-throttle-alert"] : [],
  headroomC,
});
const COOL = heat(30);
const BETWEEN = heat(5);
const HOT = heat(1);
const THROTTLED = heat(30, true);

/** A shedder whose clock goes on by five seconds a sample. */
class Clocked {
  settings = settings;
  readonly shedder = new LoadShedder(() => this.settings, 25);
  fps = 60;
  live = true;
  private nowMs = 0;

  /** Takes samples for so many seconds; returns what the load changed to, with the second of each. */
  feel(seconds: number, weather: Heat | null): string[] {
    const changes: string[] = [];
    for (const until = this.nowMs + seconds * 1000; this.nowMs < until; ) {
      this.nowMs += 5000;
      const { nowMs, fps: sourceFps, live } = this;
      if (this.shedder.take({ nowMs, wallMs: nowMs, heat: weather, sourceFps, live })) {
        const { step, suffices } = this.shedder.load;
        changes.push(`${nowMs / 1000} ${step}${suffices ? "" : " in vain"}`);
      }
    }
    return changes;
  }
}

t.test("work is left out in the stated order, each step after its wait, and taken up in reverse", async (t) => {
  const board = new Clocked();
  t.strictSame(board.feel(100, COOL), []);
  t.match(board.shedder.load, { step: "full", since: null, reason: null, suffices: true, changes: 0 });
  t.strictSame(board.feel(100, THROTTLED), [
    "125 fewer_searches",
    "145 every_second_frame",
    "165 every_second_frame in vain",
  ]);
  t.match(board.shedder.load, {
    since: "1970-01-01T00:02:25.000Z",
    reason: "the board throttles itself: cpu-throttle-alert",
  });
  t.strictSame(board.feel(300, COOL), ["205 every_second_frame", "325 fewer_searches", "445 full"]);
  t.match(board.shedder.load, { reason: "cool again: 30.0 °C below throttling", changes: 4, suffices: true });
});

t.test("close to throttling is hot as well; between hot and cool everything stays", async (t) => {
  const board = new Clocked();
  t.strictSame(board.feel(30, HOT), ["25 fewer_searches"]);
  t.match(board.shedder.load.reason, /^1\.0 °C below throttling/);
  t.strictSame(board.feel(1000, BETWEEN), []);
  t.equal(board.shedder.load.step, "fewer_searches");
});

t.test("a moment of heat or of coolness changes nothing", async (t) => {
  const board = new Clocked();
  for (let n = 0; n < 10; n++) t.strictSame([...board.feel(15, HOT), ...board.feel(5, COOL)], []);
  t.strictSame(board.feel(25, HOT), ["225 fewer_searches"]);
  for (let n = 0; n < 10; n++) t.strictSame([...board.feel(100, COOL), ...board.feel(5, BETWEEN)], []);
  t.equal(board.shedder.load.step, "fewer_searches");
});

t.test("half the frames must be enough for the spotter, or all are kept and that is said", async (t) => {
  const board = new Clocked();
  board.fps = 30;
  t.strictSame(board.feel(200, THROTTLED), ["25 fewer_searches", "45 fewer_searches in vain"]);
  t.strictSame(board.feel(10, BETWEEN), ["205 fewer_searches"], "no longer hot");
  const unknown = new Clocked();
  unknown.fps = 0;
  t.notOk(
    unknown.feel(200, THROTTLED).some((change) => change.includes("every_second")),
    "a rate that is not known",
  );
});

t.test("a slower camera gets its frames back", async (t) => {
  const board = new Clocked();
  board.feel(50, THROTTLED);
  t.equal(board.shedder.load.step, "every_second_frame");
  board.fps = 30;
  t.strictSame(board.feel(5, THROTTLED), ["55 fewer_searches in vain"]);
  t.match(board.shedder.load.reason, "half of 30.0 frames/s is less than the spotter needs (25)");
  t.strictSame(board.feel(200, THROTTLED), []);
});

t.test("a file is never shed, and nobody is where it is switched off", async (t) => {
  const board = new Clocked();
  board.live = false;
  t.strictSame(board.feel(200, THROTTLED), []);
  board.live = true;
  board.feel(50, THROTTLED);
  t.equal(board.shedder.load.step, "every_second_frame");
  board.live = false;
  t.strictSame(board.feel(5, THROTTLED), ["255 full"]);
  t.equal(board.shedder.load.reason, "files are never shed");
  board.live = true;
  board.feel(50, THROTTLED);
  board.settings = { ...settings, shedLoad: false };
  t.equal(board.feel(10, THROTTLED).length, 1);
  t.match(board.shedder.load, { step: "full", reason: "board.shedLoad is off" });
});

t.test("a board that tells nothing is as good as cool", async (t) => {
  const board = new Clocked();
  t.strictSame(board.feel(500, null), []);
  t.strictSame(board.feel(500, heat(null, null)), []);
  board.feel(25, THROTTLED);
  t.strictSame(board.feel(130, null), ["1150 full"]);
  t.equal(board.shedder.load.reason, "the board no longer says that it is hot");
});

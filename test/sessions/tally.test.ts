import t from "tap";
import { countsOf, DAY_BIN_MS, SESSION_BIN_MS } from "../../src/sessions/summary.js";
import { Tally } from "../../src/sessions/tally.js";

t.test("coverage is the share of the time in which a face was analysed", async (t) => {
  const tally = new Tally(Tally.begin(0), SESSION_BIN_MS);
  for (let timeMs = 0; timeMs <= 4000; timeMs += 100) {
    tally.frame(timeMs);
    // Two faces are no more time than one.
    if (timeMs < 1000) for (let face = 0; face < 2; face++) tally.face();
  }
  t.match(countsOf(tally.data, 8000, SESSION_BIN_MS), { watched: 0.5, coverage: 0.125 });
});

t.test("a gap between frames, or another stream, is no time in which anything was seen", async (t) => {
  const tally = new Tally(Tally.begin(0), SESSION_BIN_MS);
  for (const timeMs of [0, 100, 5000, 5100, 0, 100]) {
    tally.frame(timeMs);
    tally.face();
  }
  t.match(tally.data, { watchedMs: 300, analysableMs: 300 });
});

t.test("events are counted by label and by minute, from the beginning to the end", async (t) => {
  const tally = new Tally(Tally.begin(1_000_000), SESSION_BIN_MS);
  tally.event(1_000_000, "surprise");
  tally.event(1_130_000, "surprise");
  tally.event(1_130_001);
  tally.suppressed("blink");
  tally.suppressed("blink");
  const counts = countsOf(tally.data, 1_250_000, SESSION_BIN_MS);
  t.match(counts, { events: 3, labels: { surprise: 2 }, suppressed: { blink: 2 } });
  t.same(counts.timeline, { binS: 60, events: [1, 0, 2, 0, 0] });
  t.same(countsOf(tally.data, 1_250_000, DAY_BIN_MS).timeline.events.length, 3, "never less than was counted");
});

t.test("a source counts from 0 again when it is opened anew", async (t) => {
  const tally = new Tally(Tally.begin(0), SESSION_BIN_MS, { captured: 100, dropped: 10 });
  tally.sourceCounts({ captured: 150, dropped: 12 });
  tally.sourceCounts({ captured: 150, dropped: 12 });
  tally.sourceCounts({ captured: 0, dropped: 0 });
  tally.sourceCounts({ captured: 7, dropped: 1 });
  t.match(tally.data, { captured: 57, dropped: 3 });
});

t.test("data goes on after a restart, from where it was", async (t) => {
  const before = new Tally(Tally.begin(0), SESSION_BIN_MS);
  before.event(0, "fear");
  before.sourceCounts({ captured: 5, dropped: 0 });
  const after = new Tally(JSON.parse(JSON.stringify(before.data)), SESSION_BIN_MS);
  after.event(61_000, "fear");
  after.sourceCounts({ captured: 3, dropped: 1 });
  t.match(after.data, { events: 2, labels: { fear: 2 }, timeline: [1, 1], captured: 8, dropped: 1 });
});

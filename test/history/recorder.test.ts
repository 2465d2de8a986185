import { randomUUID } from "node:crypto";
import t, { type Test } from "tap";
import type { MicroExpressionEvent } from "../../src/contract/index.js";
import { type History, HistoryRecorder, type HistoryRecorderOptions } from "../../src/history/index.js";
import type { ObservedFace, Outcome } from "../../src/pipeline/index.js";
import type { MotionSample } from "../../src/spotting/index.js";
import { sampleEvent } from "../support/event.js";
import { openHistory } from "../support/history.js";
import { Logs } from "../support/logs.js";
import { atRate, regionNames, samplesOf } from "../support/motion-stream.js";

const WALL_ZERO = Date.UTC(2026, 2, 2, 12);

function recorderOf(t: Test, changes: Partial<HistoryRecorderOptions> & { history?: History } = {}) {
  const history = changes.history ?? openHistory(t.testdir());
  t.teardown(() => history.close());
  const log = new Logs();
  const recorder = new HistoryRecorder({
    history,
    regions: () => regionNames,
    wallMs: (timeMs) => WALL_ZERO + timeMs,
    session: () => null,
    maxFps: () => 100,
    log,
    ...changes,
  });
  const see = (samples: readonly MotionSample[], face = 1) => {
    for (const sample of samples) recorder.listener.onSample(face, { sample } as ObservedFace);
  };
  return { history, recorder, log, see };
}

/** A movement that the spotter turned down. */
function turnedDown(apexMs: number, { face = 1, score = 0.4 } = {}): Outcome {
  const movement = { onsetMs: apexMs - 80, apexMs, offsetMs: apexMs + 120, score, regions: [] };
  return {
    face,
    verdict: "too_long",
    context: [],
    spotted: { kind: "suppressed", reason: "too_long", apexMs, score, movement },
  };
}

/** A movement that raises an event, and the event. */
function expression(apexMs: number): { readonly outcome: Outcome; readonly event: MicroExpressionEvent } {
  const id = randomUUID();
  const marks = { onsetMs: apexMs - 80, apexMs, offsetMs: apexMs + 120 };
  const candidate = { ...marks, score: 0.9, regions: [], reason: "moved" };
  const outcome: Outcome = { face: 1, verdict: "event", id, context: [], spotted: { kind: "candidate", candidate } };
  const at = new Date(WALL_ZERO + apexMs).toISOString();
  return { outcome, event: { ...sampleEvent(), ...marks, id, session: "s", apexAt: at } };
}

const thirty = samplesOf(atRate(30, 12));
const upTo = (ms: number) => thirty.filter(({ timeMs }) => timeMs <= ms);
const after = (ms: number) => thirty.filter(({ timeMs }) => timeMs > ms);

t.test("an excerpt holds what was measured from 3.2 s before the onset to 2 s after the offset", async (t) => {
  const { history, recorder, see } = recorderOf(t);
  see(upTo(6000));
  recorder.listener.onSignal(1, { timeMs: 5900, score: 0.81234, group: "brows" });
  recorder.listener.onSignal(1, { timeMs: 1000, score: 0.1, group: "mouth" });
  recorder.listener.onOutcome(turnedDown(5500));
  const [kept] = history.movements({ limit: 9 });
  t.match(kept, { session: null, atMs: WALL_ZERO + 5500, event: null, movement: { verdict: "too_long", score: 0.4 } });
  const id = kept?.id ?? "";
  t.match(id, /^[0-9a-f-]{36}$/);
  see(after(6000).filter(({ timeMs }) => timeMs <= 7600));
  t.equal(history.excerptOf(id), undefined, "it is not whole yet");
  see(after(7600));
  const excerpt = history.excerptOf(id);
  const meant = thirty.filter(({ timeMs }) => timeMs >= 5420 - 3200 && timeMs <= 5620 + 2000);
  t.strictSame(excerpt?.regions, regionNames);
  t.strictSame(
    excerpt?.timesMs,
    meant.map(({ timeMs }) => Number(timeMs.toFixed(2))),
  );
  const rounded = (values: Float64Array, digits: number) => Array.from(values, (x) => Number(x.toFixed(digits)));
  const near = (found: readonly (readonly number[])[] = [], wanted: number[][], by: number) =>
    found.length === wanted.length &&
    found.every((row, s) => row.every((x, i) => Math.abs(x - (wanted[s]?.[i] ?? Number.NaN)) <= by));
  t.ok(
    near(
      excerpt?.displacement,
      meant.map(({ displacement }) => rounded(displacement, 2)),
      0.011,
    ),
  );
  t.ok(
    near(
      excerpt?.change,
      meant.map(({ change }) => rounded(change, 4)),
      0.00011,
    ),
  );
  t.ok(
    near(
      excerpt?.head,
      meant.map(({ head }) => rounded(head, 2)),
      0.011,
    ),
  );
  t.strictSame(excerpt?.signal, [{ timeMs: 5900, score: 0.8123, group: "brows" }]);
});

t.test("an event meets its outcome, whichever comes first; one that is never raised is not kept", async (t) => {
  const { history, recorder, see } = recorderOf(t);
  see(upTo(6000));
  const [one, two, three] = [expression(3000), expression(4000), expression(5000)];
  recorder.raised(one.event);
  recorder.listener.onOutcome(one.outcome);
  recorder.listener.onOutcome(two.outcome);
  t.equal(history.movement(two.event.id), undefined);
  recorder.raised(two.event);
  recorder.listener.onOutcome(three.outcome);
  recorder.end();
  recorder.raised(three.event);
  const kept = history.movements({ limit: 9 });
  t.strictSame(
    kept.map(({ id }) => id),
    [two.event.id, one.event.id],
  );
  t.match(kept[1], { session: "s", event: one.event, atMs: WALL_ZERO + 3000, movement: { verdict: "event" } });
  t.ok(history.excerptOf(one.event.id));
  t.equal(history.excerptOf(two.event.id)?.timesMs.at(-1), 6000, "the stream has ended before all of it was there");
});

t.test("a face that leaves, or a stream that begins anew, gives what there is", async (t) => {
  const { history, recorder, see } = recorderOf(t);
  see(upTo(3000));
  see(upTo(3000), 2);
  recorder.listener.onOutcome(turnedDown(2800));
  recorder.listener.onOutcome(turnedDown(2700, { face: 2 }));
  const [one, two] = history.movements({ limit: 2 }).map(({ id }) => id);
  recorder.listener.onLeave(1);
  t.equal(history.excerptOf(one ?? "")?.timesMs.at(-1), 3000);
  see(upTo(100), 2);
  t.equal(history.excerptOf(two ?? "")?.timesMs.at(-1), 3000);
  recorder.listener.onOutcome(turnedDown(90, { face: 2 }));
  const newest = history.movements({ limit: 9 }).find(({ movement }) => movement.apexMs === 90);
  recorder.end();
  t.strictSame(history.excerptOf(newest?.id ?? "")?.timesMs, [0, 33.33, 66.67, 100], "nothing of the stream before");
});

t.test("memory is bounded: of a faster source less is kept, the latest of it", async (t) => {
  const { history, recorder, see } = recorderOf(t, { maxFps: () => 10 });
  see(upTo(8000));
  recorder.listener.onOutcome(turnedDown(7900));
  recorder.end();
  const times = history.excerptOf(history.movements({ limit: 1 })[0]?.id ?? "")?.timesMs ?? [];
  t.equal(times.length, 81);
  t.equal(times.at(-1), 8000);
});

t.test("of an hour 600 movements without event are kept, those of the highest score", async (t) => {
  let uptime = 0;
  const { history, recorder } = recorderOf(t, { uptime: () => uptime });
  for (let number = 0; number < 600; number++)
    recorder.listener.onOutcome(turnedDown(number, { score: 0.2 + (number % 7) / 100 }));
  recorder.listener.onOutcome(turnedDown(600, { score: 0.1 }));
  recorder.listener.onOutcome(turnedDown(601, { score: 0.9 }));
  const scores = () => history.movements({ limit: 1000 }).map(({ movement }) => movement.score);
  t.equal(scores().length, 600);
  t.notOk(scores().includes(0.1));
  t.ok(scores().includes(0.9));
  t.equal(recorder.stats().leftOut, 2);
  uptime = 3_600_000;
  recorder.listener.onOutcome(turnedDown(602, { score: 0.1 }));
  t.equal(scores().length, 601);
  recorder.raised(expression(1).event);
  t.equal(recorder.stats().leftOut, 2);
});

t.test(
  "a movement belongs to the session in which it began; outside of one none is kept where one is required",
  async (t) => {
    let required = false;
    const { history, recorder } = recorderOf(t, {
      session: (atMs) => (atMs >= WALL_ZERO + 5000 ? "s" : null),
      requireSession: () => required,
    });
    recorder.listener.onOutcome(turnedDown(5040));
    recorder.listener.onOutcome(turnedDown(5080));
    t.strictSame(
      history.movements({ limit: 9 }).map(({ session }) => session),
      ["s", null],
    );
    required = true;
    recorder.listener.onOutcome(turnedDown(1000));
    recorder.listener.onOutcome(turnedDown(6000));
    t.strictSame(
      history.movements({ limit: 9 }).map(({ session }) => session),
      ["s", "s", null],
    );
  },
);

t.test("a disk that fails is said once, counted, and costs the pipeline nothing", async (t) => {
  const real = openHistory(t.testdir());
  let full = true;
  const history = {
    add: (movement: Parameters<History["add"]>[0]) => {
      if (full) throw new Error("the disk is full");
      real.add(movement);
    },
    setExcerpt: real.setExcerpt.bind(real),
    discard: real.discard.bind(real),
  } as unknown as History;
  const { recorder, log, see } = recorderOf(t, { history: Object.assign(history, { close: () => real.close() }) });
  see(upTo(6000));
  recorder.listener.onOutcome(turnedDown(5500));
  recorder.listener.onOutcome(turnedDown(5700));
  t.equal(recorder.stats().failures, 2);
  t.equal(log.count(/^error history: the disk is full/), 1);
  full = false;
  recorder.listener.onOutcome(turnedDown(5800));
  t.equal(log.count(/^info history: the disk takes movements again/), 1);
  t.equal(real.movements({ limit: 9 }).length, 1);
});

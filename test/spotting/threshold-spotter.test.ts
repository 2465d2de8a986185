import t from "tap";
import { intersectionOverUnion } from "../../src/evaluation/match.js";
import type { Candidate, Spotted, SpottingSettings } from "../../src/spotting/spotter.js";
import { ThresholdSpotter } from "../../src/spotting/threshold-spotter.js";
import {
  type Act,
  atRate,
  raisedCosine,
  regionNames,
  samplesOf,
  settledOf,
  spottingSettings,
  step,
} from "../support/motion-stream.js";
import { Random } from "../support/random.js";

const spot = (timesMs: readonly number[], act: Act, changes: Partial<SpottingSettings> = {}, seed = 5): Spotted[] =>
  settledOf(
    new ThresholdSpotter(regionNames, () => ({ ...spottingSettings, ...changes })),
    samplesOf(timesMs, act, seed),
  );
const candidatesOf = (settled: readonly Spotted[]): Candidate[] =>
  settled.flatMap((s) => (s.kind === "candidate" ? [s.candidate] : []));
const reasonsOf = (settled: readonly Spotted[]): string[] =>
  settled.flatMap((s) => (s.kind === "suppressed" ? [s.reason] : []));

/** Both brows rise by 15 thousandths and come back. */
const brows =
  (onsetMs: number, apexMs: number, offsetMs: number, height = 15): Act =>
  (timeMs) => ({ moved: { brow_: [0, -height * raisedCosine(timeMs, onsetMs, apexMs, offsetMs)] } });

/** A camera that does not keep time: 60 fps on average, with every fifteenth frame lost. */
function wavering(seconds: number): number[] {
  const random = new Random(6);
  return atRate(60, seconds)
    .map((timeMs) => timeMs + 4 * (random.uniform() - 0.5))
    .filter((_, i) => i % 15 !== 7);
}

const RATES: readonly (readonly [string, readonly number[]])[] = [
  ...[30, 60, 100, 200].map((fps) => [`${fps} fps`, atRate(fps, 6)] as const),
  ["a wavering rate", wavering(6)],
];

for (const [rate, times] of RATES) {
  for (const length of [200, 250, 300]) {
    t.test(`brows that rise for ${length} ms at ${rate} are found once, in time`, async (t) => {
      const [onsetMs, apexMs, offsetMs] = [3010, 3010 + 0.45 * length, 3010 + length];
      const found = candidatesOf(spot(times, brows(onsetMs, apexMs, offsetMs)));
      t.equal(found.length, 1);
      const [candidate] = found;
      if (candidate === undefined) return;
      const iou = intersectionOverUnion(candidate, { onsetMs, offsetMs });
      t.ok(iou >= 0.7, `${candidate.onsetMs}-${candidate.offsetMs} overlaps ${onsetMs}-${offsetMs} by ${iou}`);
      t.ok(Math.abs(candidate.apexMs - apexMs) < 40, `apex ${candidate.apexMs}, not ${apexMs}`);
      t.ok(candidate.onsetMs < candidate.apexMs && candidate.apexMs < candidate.offsetMs);
      t.match(candidate.regions[0]?.name, /^brow_/);
      t.match(candidate.reason, /^brows moved .* ms$/);
      t.ok(candidate.score >= spottingSettings.threshold);
    });
  }

  t.test(`at ${rate} nothing but noise is nothing`, async (t) => {
    for (const seed of [5, 6]) t.same(candidatesOf(spot(times, () => ({}), {}, seed)), []);
  });

  t.test(`at ${rate} a step is no expression`, async (t) => {
    const act: Act = (ms) => ({ moved: { mouth_: [0, -15 * step(ms, 3000, 3120)] } });
    t.same(candidatesOf(spot(times, act)), []);
  });

  t.test(`at ${rate} a macro-expression of 2 s is none`, async (t) => {
    const smile: Act = (ms) => {
      const height = 30 * (step(ms, 2000, 2700) - step(ms, 3300, 4000));
      return { moved: { mouth_corner: [0, -height], cheek_: [0, -0.6 * height] } };
    };
    t.same(candidatesOf(spot(times, smile)), []);
  });

  t.test(`at ${rate} a nod whose brows follow is head motion`, async (t) => {
    const nod: Act = (ms) => {
      const y = 150 * raisedCosine(ms, 3000, 3180, 3360);
      return { head: [0, y], moved: { brow_: [0, 0.1 * y] } };
    };
    const settled = spot(times, nod);
    t.same(candidatesOf(settled), []);
    t.same([...new Set(reasonsOf(settled))], ["head_motion"]);
  });

  t.test(`at ${rate} a blink is a blink`, async (t) => {
    const blink: Act = (ms) => {
      const shut = raisedCosine(ms, 3000, 3090, 3250);
      return { moved: { eye_: [0, 40 * shut], brow_: [0, 3 * shut] }, change: { eye_: 0.05 + 1.2 * shut } };
    };
    const settled = spot(times, blink);
    t.same(candidatesOf(settled), []);
    t.same([...new Set(reasonsOf(settled))], ["blink"]);
  });

  t.test(`at ${rate} a mouth that opens and shuts again and again is speech`, async (t) => {
    const talk: Act = (ms) => {
      const open = ms > 2000 && ms < 4500 ? 25 * Math.sin((2 * Math.PI * (ms - 2000)) / 330) : 0;
      return { moved: { lower_lip: [0, open], mouth_: [0, 0.4 * open], chin: [0, 0.8 * open] } };
    };
    const settled = spot(times, talk);
    // The first syllable looks like an expression until the next ones follow.
    const late = candidatesOf(settled).filter((candidate) => candidate.apexMs > 2500);
    t.same(late, []);
    t.ok(reasonsOf(settled).includes("speech"), `${reasonsOf(settled)}`);
  });
}

t.test("times count, never frames", async (t) => {
  const act = brows(3010, 3120, 3260);
  const [slow] = candidatesOf(
    settledOf(new ThresholdSpotter(regionNames, () => spottingSettings), samplesOf(atRate(60, 6), act, 5, 0)),
  );
  const [fast] = candidatesOf(
    settledOf(new ThresholdSpotter(regionNames, () => spottingSettings), samplesOf(atRate(120, 6), act, 5, 0)),
  );
  for (const key of ["onsetMs", "apexMs", "offsetMs"] as const) {
    const apart = Math.abs((slow?.[key] ?? 0) - (fast?.[key] ?? 9999));
    t.ok(apart <= 17, `${key}: ${slow?.[key]} and ${fast?.[key]}`);
  }
});

t.test("times from a stream's start mean nothing: an hour later it is the same", async (t) => {
  const hour = 3_600_000;
  const settled = [0, hour].map((start) => {
    const samples = samplesOf(atRate(60, 6), brows(3010, 3120, 3260));
    return candidatesOf(
      settledOf(
        new ThresholdSpotter(regionNames, () => spottingSettings),
        samples.map((sample) => ({ ...sample, timeMs: sample.timeMs + start })),
      ),
    );
  });
  t.equal(settled[1]?.length, 1);
  t.ok(Math.abs((settled[1]?.[0]?.onsetMs ?? 0) - (settled[0]?.[0]?.onsetMs ?? 0) - hour) < 0.2);
});

t.test("two expressions a second apart are two", async (t) => {
  const [first, second] = [brows(2500, 2620, 2750), brows(3600, 3720, 3850)];
  const act: Act = (ms) => (ms < 3200 ? first(ms) : second(ms));
  t.equal(candidatesOf(spot(atRate(60, 6), act)).length, 2);
});

t.test("a weaker movement or a higher threshold finds nothing", async (t) => {
  const act = brows(3010, 3120, 3260);
  t.equal(candidatesOf(spot(atRate(60, 6), act, { threshold: 500 })).length, 0);
  t.equal(candidatesOf(spot(atRate(60, 6), brows(3010, 3120, 3260, 0.8))).length, 0);
});

t.test("what is longer or shorter than the settings allow says so", async (t) => {
  const act = brows(3010, 3130, 3270);
  t.same(reasonsOf(spot(atRate(60, 6), act, { maxMs: 150 })), ["too_long"]);
  t.same(reasonsOf(spot(atRate(60, 6), act, { minMs: 400 })), ["too_short"]);
});

t.test("without the gate a nod is for whoever wants it", async (t) => {
  const nod: Act = (ms) => {
    const y = 150 * raisedCosine(ms, 3000, 3150, 3300);
    return { head: [0, y], moved: { brow_: [0, 0.1 * y] } };
  };
  t.equal(candidatesOf(spot(atRate(60, 6), nod, { headMotionGate: false })).length, 1);
});

t.test("the end settles what still waits", async (t) => {
  const spotter = new ThresholdSpotter(regionNames, () => spottingSettings);
  // The stream ends just after the expression, before its time to return is over.
  const samples = samplesOf(atRate(60, 3.5), brows(3010, 3120, 3260));
  t.same(
    samples.flatMap((sample) => spotter.push(sample)),
    [],
  );
  t.equal(candidatesOf(spotter.end()).length, 1);
  t.same(spotter.end(), [], "once");
});

t.test("a candidate is told soon after its offset", async (t) => {
  const spotter = new ThresholdSpotter(regionNames, () => spottingSettings);
  const samples = samplesOf(atRate(60, 6), brows(3010, 3120, 3260));
  const at = samples.find((sample) => spotter.push(sample).length > 0)?.timeMs ?? Infinity;
  t.ok(at - 3260 < 500, `${at - 3260} ms after`);
});

t.test("no sample, no candidate; and the end may come at once", async (t) => {
  t.same(new ThresholdSpotter(regionNames, () => spottingSettings).end(), []);
  t.same(settledOf(new ThresholdSpotter(regionNames, () => spottingSettings), samplesOf([0])), []);
});

t.test("a region that the spotter does not know is refused at the start", async (t) => {
  t.throws(() => new ThresholdSpotter(["brow_left", "elbow"], () => spottingSettings), { message: /'elbow'/ });
});

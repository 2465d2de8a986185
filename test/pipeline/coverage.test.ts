import t from "tap";
import { Coverage, type CoverageMs, type CoveredFrame, type FaceState } from "../../src/pipeline/coverage.js";

const measures = { timeMs: 0, lipGap: 0, mouthWidth: 0.85, cornerLift: 0, lidGap: 0.3, yaw: 0, pitch: 0 };
const good: FaceState = { measures, quality: { brightness: 120, sharpness: 0.5 }, ready: true };

/** A second of frames, all alike. */
function after(frame: Partial<CoveredFrame>, fps = 50, coverage = new Coverage()): CoverageMs {
  for (let i = 0; i <= fps; i++) {
    coverage.frame({ timeMs: (i * 1000) / fps, faces: [], tooSmall: false, waitedFor: undefined, ...frame });
  }
  const { watched, judged, gaps } = coverage.ms;
  const whole = (ms: number) => Math.round(ms);
  return {
    watched: whole(watched),
    judged: whole(judged),
    gaps: Object.fromEntries(Object.entries(gaps).map(([reason, ms]) => [reason, whole(ms)])),
  };
}

t.test("a face that can be judged is judged for as long as frames come", async (t) => {
  t.same(after({ faces: [good] }), { watched: 1000, judged: 1000, gaps: {} });
});

t.test("every reason is told by its name", async (t) => {
  const turned = { ...measures, yaw: -50 };
  const cases: readonly (readonly [string, Partial<CoveredFrame>])[] = [
    ["no_face", {}],
    ["too_small", { tooSmall: true }],
    ["turned_away", { faces: [{ ...good, measures: turned }] }],
    ["turned_away", { faces: [{ ...good, measures: { ...measures, pitch: 50 } }] }],
    ["turned_away", { waitedFor: turned }],
    ["no_face", { waitedFor: measures }],
    ["dark", { faces: [{ ...good, quality: { brightness: 5, sharpness: 0.5 } }] }],
    ["blurred", { faces: [{ ...good, quality: { brightness: 120, sharpness: 0.01 } }] }],
    ["settling_in", { faces: [{ ...good, ready: false }] }],
  ];
  for (const [reason, frame] of cases) {
    t.same(after(frame), { watched: 1000, judged: 0, gaps: { [reason]: 1000 } }, reason);
  }
});

t.test("one face that can be judged is enough; of several that cannot, the nearest to it tells why", async (t) => {
  const small = { ...good, ready: false };
  const turned = { ...good, measures: { ...measures, yaw: 60 } };
  t.same(after({ faces: [turned, good] }).judged, 1000);
  t.same(after({ faces: [turned, small] }).gaps, { settling_in: 1000 });
});

t.test("too few frames a second are no look at a face, whoever is in them", async (t) => {
  t.same(after({ faces: [good] }, 15).gaps, { too_few_frames: 1000 });
  t.same(after({ faces: [good] }, 25).judged, 1000, "25 are enough");
  t.same(after({ faces: [] }, 15).gaps, { no_face: 1000 }, "where there is nobody, that is the reason");
});

t.test("a gap is not judged, and a few frames later all is well again", async (t) => {
  const coverage = new Coverage();
  const frame = (timeMs: number) => coverage.frame({ timeMs, faces: [good], tooSmall: false, waitedFor: undefined });
  for (let timeMs = 0; timeMs <= 1000; timeMs += 20) frame(timeMs);
  frame(1600);
  for (let timeMs = 1620; timeMs <= 5000; timeMs += 20) frame(timeMs);
  const { judged, gaps } = coverage.ms;
  t.ok((gaps.too_few_frames ?? 0) >= 600 && (gaps.too_few_frames ?? 0) < 2600, `${gaps.too_few_frames} ms`);
  t.equal(judged + (gaps.too_few_frames ?? 0), 5000);
});

t.test("time that goes back, or stands, counts for nothing", async (t) => {
  const coverage = new Coverage();
  for (const timeMs of [100, 100, 50, 70])
    coverage.frame({ timeMs, faces: [good], tooSmall: false, waitedFor: undefined });
  t.equal(coverage.ms.watched, 20);
});

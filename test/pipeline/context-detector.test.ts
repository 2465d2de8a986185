import t from "tap";
import type { Context } from "../../src/contract/event.js";
import { ContextDetector } from "../../src/pipeline/context-detector.js";
import type { FaceMeasures } from "../../src/stream/measures.js";
import { regionNames } from "../support/motion-stream.js";

const STEP_MS = 33;
const EYES = [regionNames.indexOf("eye_left"), regionNames.indexOf("eye_right")] as const;

/** What differs from a still face at a moment: its measures, and where head and eyes have gone. */
interface Doing extends Partial<FaceMeasures> {
  /** Thousandths of the eye distance. */
  readonly headX?: number;
  readonly eyesX?: readonly [left: number, right: number];
}

/** What is said at each moment of some seconds of one face. */
function said(seconds: number, doing: (timeMs: number) => Doing): { watch: ContextDetector; moments: Context[][] } {
  const watch = new ContextDetector(regionNames);
  const moments: Context[][] = [];
  for (let timeMs = 0; timeMs < seconds * 1000; timeMs += STEP_MS) {
    const { headX = 0, eyesX = [0, 0], ...changed } = doing(timeMs);
    const displacement = new Float64Array(2 * regionNames.length);
    displacement[2 * EYES[0]] = eyesX[0];
    displacement[2 * EYES[1]] = eyesX[1];
    const sample = {
      timeMs,
      displacement,
      change: new Float64Array(regionNames.length),
      head: Float64Array.of(headX, 0, 0, 0),
    };
    const still = { timeMs, lipGap: 0.02, mouthWidth: 0.85, cornerLift: 0, lidGap: 0.3, yaw: 2, pitch: -3 };
    moments.push([...watch.push(sample, { ...still, ...changed })]);
  }
  return { watch, moments };
}

const everSaid = (moments: readonly Context[][]): Context[] => [...new Set(moments.flat())];

t.test("a still face is in no context", async (t) => {
  t.same(everSaid(said(5, () => ({})).moments), []);
});

t.test("a mouth that opens and closes talks; one that opens once does not", async (t) => {
  const talk = said(3, (timeMs) => ({ lipGap: 0.1 + 0.08 * Math.sin(timeMs / 60) }));
  t.same(everSaid(talk.moments), ["talking"]);
  t.same(talk.moments[10], [], "over less than half a second nothing is said");
  const yawn = said(3, (timeMs) => ({ lipGap: timeMs > 1500 ? 0.5 : 0.02 }));
  t.same(everSaid(yawn.moments), []);
});

t.test("a wide mouth smiles, for as long as it is wide", async (t) => {
  const { watch } = said(3, (timeMs) => ({ mouthWidth: timeMs > 1000 && timeMs < 2000 ? 1.1 : 0.85 }));
  t.same(watch.between(1200, 1400), ["smiling"]);
  t.same(watch.between(2300, 2600), []);
  t.same(watch.between(800, 930), ["smiling"], "what follows at once belongs to it");
});

t.test("lids that come together blink; eyes that are narrow all the time do not", async (t) => {
  const blink = said(3, (timeMs) => ({ lidGap: timeMs > 2000 && timeMs < 2200 ? 0.1 : 0.3 }));
  t.same(blink.watch.between(1900, 2300), ["blinking"]);
  t.same(blink.watch.between(2400, 2800), []);
  t.same(everSaid(said(3, () => ({ lidGap: 0.1 })).moments), []);
});

t.test("a head that moves or turns is moving; one that drifts is not", async (t) => {
  t.same(everSaid(said(2, (timeMs) => ({ headX: timeMs > 1000 ? 400 : 0 })).moments), ["head_moving"]);
  t.same(everSaid(said(2, (timeMs) => ({ yaw: timeMs > 1000 ? 20 : 0 })).moments), ["head_moving"]);
  t.same(everSaid(said(4, (timeMs) => ({ headX: timeMs / 10, yaw: timeMs / 400 })).moments), []);
});

t.test("eyes that jump together shift their gaze; lids, a turning head and one eye alone do not", async (t) => {
  const jump = (timeMs: number) => (timeMs > 1500 ? 60 : 0);
  t.same(everSaid(said(3, (timeMs) => ({ eyesX: [jump(timeMs), jump(timeMs)] })).moments), ["gaze_shifting"]);
  t.same(everSaid(said(3, (timeMs) => ({ eyesX: [jump(timeMs), 0] })).moments), []);
  t.same(everSaid(said(3, (timeMs) => ({ eyesX: [jump(timeMs), -jump(timeMs)] })).moments), []);
  const blinking = said(3, (timeMs) => ({
    eyesX: [jump(timeMs), jump(timeMs)],
    lidGap: timeMs > 1350 && timeMs < 1600 ? 0.1 : 0.3,
  }));
  t.same(everSaid(blinking.moments), ["blinking"]);
  const turning = said(3, (timeMs) => ({ eyesX: [jump(timeMs), jump(timeMs)], yaw: timeMs > 1400 ? 11 : 0 }));
  t.same(everSaid(turning.moments), []);
});

t.test("between two fits of the landmarks nothing new is said", async (t) => {
  const watch = new ContextDetector(regionNames);
  const sample = (timeMs: number) => ({
    timeMs,
    displacement: new Float64Array(2 * regionNames.length),
    change: new Float64Array(regionNames.length),
    head: Float64Array.of(timeMs * 10, 0, 0, 0),
  });
  const measures = { timeMs: 0, lipGap: 0, mouthWidth: 1.1, cornerLift: 0, lidGap: 0.3, yaw: 0, pitch: 0 };
  t.same([...watch.push(sample(0), measures)], ["smiling"]);
  t.same([...watch.push(sample(50), measures)], ["smiling"]);
});

t.test("what is kept of the past is bounded", async (t) => {
  const { watch } = said(20, (timeMs) => ({ mouthWidth: timeMs < 10_000 ? 1.1 : 0.85 }));
  t.same(watch.between(0, 20_000), [], "what was said ten seconds ago is forgotten");
});

import t from "tap";
import { ClipRecorder } from "../../src/evidence/clip-recorder.js";
import type { Footage } from "../../src/evidence/footage.js";
import { cv } from "../../src/runtime/opencv.js";
import type { Candidate } from "../../src/spotting/index.js";
import { sampleEvent } from "../support/event.js";
import { Logs } from "../support/logs.js";

const LAYOUT = { size: 112, leftEye: [0.3, 0.35], rightEye: [0.7, 0.35] } as const;
const EVERY_MS = 1000 / 30;

const candidateAt = (apexMs: number): Candidate => {
  return { onsetMs: apexMs - 90, apexMs, offsetMs: apexMs + 110, score: 1, regions: [], reason: "" };
};

/** A recorder over a stream that a test plays frame by frame. */
function camera(content: "crop" | "frame" = "crop", clip = { seconds: 3, maxFps: 200 }) {
  const got: Footage[] = [];
  const state = { allowed: true };
  const recorder = new ClipRecorder({
    content,
    allowed: () => state.allowed,
    clip: () => clip,
    layout: () => LAYOUT,
    onFootage: (footage) => got.push(footage),
    log: new Logs(),
  });
  const image = new cv.Mat(480, 640, cv.CV_8UC3, [10, 20, 30]);
  const { listener } = recorder;
  const look = async (
    timeMs: number,
    face = 1,
    at: { x: number; y: number; eyes: number } = { x: 320, y: 240, eyes: 60 },
  ) => {
    const crop = new Uint8Array(112 * 112 * 3).fill(Math.round(timeMs) % 200);
    const seen = {
      face,
      timeMs,
      crop,
      eyeDistancePx: at.eyes,
      cropCentre: { x: at.x, y: at.y },
      measures: {} as never,
    };
    await listener.onFace(seen, { index: 0, timeMs, wallMs: undefined, image });
  };
  const watch = async (fromMs: number, toMs: number, face = 1) => {
    for (let timeMs = fromMs; timeMs < toMs; timeMs += EVERY_MS) await look(timeMs, face);
  };
  /** HSTA has judged it. */
  const judge = (candidate: Candidate, id: string | undefined, raised = id !== undefined, face = 1) => {
    const spotted = { kind: "candidate", candidate } as const;
    if (id !== undefined && raised) recorder.raised({ ...sampleEvent(), id });
    const verdict = id === undefined ? "none" : "event";
    listener.onOutcome({ face, spotted, context: [], verdict, ...(id !== undefined && { id }) });
  };
  return { recorder, listener, got, state, look, watch, judge, image };
}

const idsOf = (got: readonly Footage[]) => got.map(({ event }) => event.id);
const spanOf = ({ stills }: Footage) => [stills[0]?.timeMs ?? Number.NaN, stills.at(-1)?.timeMs ?? Number.NaN] as const;

t.test("a clip reaches from half a second before the onset to half a second after the offset", async (t) => {
  const { listener, got, watch, judge } = camera();
  const candidate = candidateAt(2000);
  await watch(0, 2360);
  listener.onCandidate(1, candidate);
  judge(candidate, "a");
  t.strictSame(got, [], "the second half is yet to come");
  await watch(2366.7, 4000);
  t.strictSame(idsOf(got), ["a"]);
  const [from, to] = spanOf(got[0] as Footage);
  t.ok(from >= 1410 && from < 1410 + EVERY_MS, `from ${from}`);
  t.ok(to <= 2610 && to > 2610 - EVERY_MS, `to ${to}`);
});

t.test("what HSTA judges late, or was long in coming, is whole; what is no event is forgotten", async (t) => {
  const { listener, got, watch, judge } = camera();
  const [late, none, untold] = [candidateAt(2000), candidateAt(2100), candidateAt(2200)];
  await watch(0, 2400);
  for (const each of [late, none, untold]) listener.onCandidate(1, each);
  await watch(2400, 12_000);
  judge(none, undefined);
  judge(late, "late");
  judge(untold, "untold", false);
  t.strictSame(idsOf(got), ["late"], "without an event in the outbox there is none to show");
  const [from, to] = spanOf(got[0] as Footage);
  t.ok(from >= 1410 && from < 1410 + EVERY_MS && to <= 2610 && to > 2610 - EVERY_MS, `from ${from} to ${to}`);
});

t.test("two faces, and two movements of one, keep apart", async (t) => {
  const { listener, got, watch, judge } = camera();
  await Promise.all([watch(0, 2400, 1), watch(0, 2400, 2)]);
  const [one, two, other] = [candidateAt(2000), candidateAt(2050), candidateAt(2010)];
  listener.onCandidate(1, one);
  listener.onCandidate(1, two);
  listener.onCandidate(2, other);
  judge(other, "other", true, 2);
  judge(one, "one");
  judge(two, "two");
  await Promise.all([watch(2400, 3000, 1), watch(2400, 3000, 2)]);
  t.strictSame(idsOf(got).sort(), ["one", "other", "two"]);
});

t.test("a face that leaves, a source that ends, and one that begins anew", async (t) => {
  const { recorder, listener, got, watch, judge } = camera();
  await watch(0, 2400);
  const [left, ended, anew] = [candidateAt(2000), candidateAt(2000), candidateAt(2000)];
  listener.onCandidate(1, left);
  judge(left, "left");
  listener.onLeave(1);
  t.strictSame(idsOf(got), ["left"], "it gets what there is");
  await watch(0, 2400);
  listener.onCandidate(1, ended);
  judge(ended, "ended");
  recorder.end();
  t.strictSame(idsOf(got), ["left", "ended"]);
  await watch(5000, 7000);
  await watch(0, 2400);
  listener.onCandidate(1, anew);
  judge(anew, "anew");
  recorder.end();
  for (const footage of got) t.ok(spanOf(footage)[1] < 2400, "nothing of another stream is in it");
});

t.test("nothing is held while it is not allowed", async (t) => {
  const { recorder, listener, got, state, watch, judge } = camera();
  state.allowed = false;
  await watch(0, 2300);
  state.allowed = true;
  await watch(2300, 2400);
  const candidate = candidateAt(2000);
  listener.onCandidate(1, candidate);
  judge(candidate, "a");
  recorder.end();
  t.ok(spanOf(got[0] as Footage)[0] >= 2300);
  await watch(3000, 5000);
  state.allowed = false;
  await watch(5000, 5100);
  state.allowed = true;
  const forgotten = candidateAt(4800);
  listener.onCandidate(1, forgotten);
  judge(forgotten, "b");
  recorder.end();
  t.strictSame(idsOf(got), ["a"], "what was held is gone");
});

t.test("memory is bounded by the number of pictures", async (t) => {
  const { recorder, listener, got, look, judge } = camera("crop", { seconds: 0.5, maxFps: 10 });
  for (let timeMs = 0; timeMs < 2400; timeMs += 5) await look(timeMs);
  const candidate = candidateAt(2200);
  listener.onCandidate(1, candidate);
  judge(candidate, "a");
  recorder.end();
  t.equal(got[0]?.stills.length, 21, "2 s at 10 frames a second, whatever comes");
});

t.test("around the face: a window that stands still, within the frame, of a bounded size", async (t) => {
  const { recorder, listener, got, look, judge, image } = camera("frame");
  // A white spot in the frame shows where the window is.
  image.drawRectangle(new cv.Rect(318, 238, 4, 4), new cv.Vec3(255, 255, 255), -1);
  const show = async (at: { x: number; y: number; eyes: number }) => {
    recorder.end();
    got.length = 0;
    for (let i = 0; i < 30; i++) await look(i * EVERY_MS, 1, { ...at, x: at.x + (i % 3) });
    const candidate = candidateAt(500);
    listener.onCandidate(1, candidate);
    judge(candidate, "a");
    recorder.end();
    return got[0] as Footage;
  };
  const near = await show({ x: 320, y: 240, eyes: 60 });
  // 60 px between the eyes, .4 of the crop's side; half as much again.
  t.equal(near.side, 224, "225 px of the frame, made even");
  const spots = near.stills.map(({ data }) => data.findIndex((value) => value > 200));
  t.ok((spots[0] ?? -1) >= 0, "the spot is in the picture");
  t.equal(new Set(spots).size, 1, "small movements of the face do not move the window");
  t.ok(near.stills.every(({ data }) => data.length === 224 * 224 * 3));
  const large = await show({ x: 20, y: 470, eyes: 200 });
  t.equal(large.side, 320);
  t.ok(large.stills.every(({ data }) => data.length === 320 * 320 * 3 && data[0] === 10 && data[2] === 30));
});

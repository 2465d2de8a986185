import t from "tap";
import { loadConfig } from "../../src/config/index.js";
import type { Detection } from "../../src/contract/event.js";
import { intersectionOverUnion } from "../../src/evaluation/match.js";
import { buildPipeline, openModels } from "../../src/pipeline/assemble.js";
import type { NoEvent } from "../../src/pipeline/outcome.js";
import type { PipelineListener } from "../../src/pipeline/pipeline.js";
import type { Frame } from "../../src/stream/frame.js";
import { AROUND, demoBrows, demoFrames, EVERY_CANDIDATE } from "../support/demo.js";
import { blank, frameOf } from "../support/pictures.js";

const configOf = (...argv: string[]) => loadConfig({ argv: [...EVERY_CANDIDATE, ...argv] }).config;
const models = await openModels(configOf());
const nobody = blank();
t.teardown(async () => {
  nobody.release();
  await models.close();
});

/** What the pipeline makes of these frames, which it does not keep, under a configuration. */
async function pipelineOver(frames: AsyncIterable<Frame>, argv: readonly string[] = [], also: PipelineListener = {}) {
  const detections: Detection[] = [];
  const reasons: NoEvent[] = [];
  const stages: string[] = [];
  const pipeline = buildPipeline(configOf(...argv), models, "test", {
    onDetection: (detection) => void detections.push(detection),
    onNoEvent: (reason) => void reasons.push(reason),
    onStage: (stage) => void stages.push(stage),
    ...also,
  });
  let count = 0;
  for await (const frame of frames) {
    count++;
    await pipeline.process(frame);
    if (frame.image !== nobody) frame.image.release();
  }
  const facesBeforeEnd = pipeline.stats().faces.followed;
  await pipeline.end();
  const times = (stage: string) => stages.filter((name) => name === stage).length;
  return { detections, reasons, times, count, facesBeforeEnd, stats: pipeline.stats() };
}

/** True if the expression of the brows is among what was found. */
const isSeen = (detections: readonly Detection[]) => detections.some((d) => intersectionOverUnion(d, demoBrows) >= 0.5);

/** The frames around the expression; those for which `wanted` is false are left out. */
async function* shown(wanted: (frame: Frame) => boolean = () => true): AsyncGenerator<Frame> {
  for await (const frame of demoFrames(AROUND.fromMs, AROUND.toMs)) {
    if (wanted(frame)) yield frame;
    else frame.image.release();
  }
}

/** An empty room for a second. */
async function* empty(fromMs = 0): AsyncGenerator<Frame> {
  for (let ms = fromMs; ms < fromMs + 1000; ms += 25) yield frameOf(nobody, ms);
}

const ordinary = await pipelineOver(shown());

t.test("frames in, detections out; every stage is timed", async (t) => {
  const { detections, times, count } = ordinary;
  t.ok(isSeen(detections), JSON.stringify(detections));
  t.equal(times("face"), count);
  t.ok(times("motion") > 0.9 * count);
  t.ok(times("hsta") >= detections.length);
  t.same([ordinary.facesBeforeEnd, ordinary.stats.faces.followed], [1, 0]);
});

t.test("the same frames give the same detections, their ids included", async (t) => {
  t.same((await pipelineOver(shown())).detections, ordinary.detections);
});

t.test("at half the frame rate the same is found", async (t) => {
  t.ok(isSeen((await pipelineOver(shown(({ index }) => index % 2 === 0))).detections));
});

t.test("a verdict of 'none' is no event", async (t) => {
  const { detections, reasons } = await pipelineOver(shown(), ["--recognition.maxNone=0"]);
  t.same(detections, []);
  t.equal(reasons.filter((reason) => reason === "none").length, ordinary.detections.length);
});

t.test("a verdict that is not sure enough is no event", async (t) => {
  const { detections, reasons } = await pipelineOver(shown(), ["--recognition.minConfidence=1"]);
  t.same(detections, []);
  t.equal(reasons.filter((reason) => reason === "low_confidence").length, ordinary.detections.length);
});

t.test("a clip that has left the buffer is said to be lost", async (t) => {
  // Room for half a second at 10 frames a second: what has to be looked back at is gone.
  const tight = await pipelineOver(shown(), ["--clip.seconds=0.5", "--clip.maxFps=10"]);
  t.same(tight.detections, []);
  t.ok(tight.reasons.includes("clip_lost"));
  const { evictedEarly } = tight.stats.clips;
  t.ok(evictedEarly > 0.5 * tight.count && evictedEarly <= tight.count, `${evictedEarly} of ${tight.count} frames`);
  t.equal(ordinary.stats.clips.evictedEarly, 0);
});

t.test("a face that is left alone is counted with its reason", async (t) => {
  const { stats, detections, count } = await pipelineOver(shown(), ["--face.minEyeDistancePx=2000"]);
  t.same(detections, []);
  t.ok(stats.faces.tooSmall > 0 && stats.faces.tooSmall <= count, `${stats.faces.tooSmall} times`);
  t.same([stats.faces.followed, stats.faces.overLimit, ordinary.stats.faces.tooSmall], [0, 0, 0]);
});

t.test("a face that leaves is settled with what was seen of it", async (t) => {
  const leavesMs = demoBrows.offsetMs + 200;
  async function* leaving(): AsyncGenerator<Frame> {
    yield* shown(({ timeMs }) => timeMs < leavesMs);
    yield* empty(leavesMs);
  }
  const { detections, facesBeforeEnd } = await pipelineOver(leaving(), ["--face.lostAfterMs=600"]);
  t.equal(facesBeforeEnd, 0);
  t.ok(isSeen(detections));
});

t.test("frames without anyone are no trouble, nor is no frame", async (t) => {
  const { detections, times, count, facesBeforeEnd } = await pipelineOver(empty());
  t.same([detections, facesBeforeEnd, times("face"), times("motion")], [[], 0, count, 0]);
  t.same((await pipelineOver(shown(() => false))).detections, []);
});

t.test("a listener that fails ends the run, with its reason", async (t) => {
  const failing: PipelineListener = { onDetection: () => Promise.reject(new Error("the disk is gone")) };
  await t.rejects(pipelineOver(shown(), [], failing), { message: "the disk is gone" });
});

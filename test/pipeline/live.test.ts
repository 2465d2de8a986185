import t from "tap";
import type { Capture } from "../../src/capture/capture.js";
import { createSource } from "../../src/capture/source.js";
import { ThinOut } from "../../src/capture/thin-out.js";
import { loadConfig } from "../../src/config/index.js";
import type { Detection } from "../../src/contract/event.js";
import { intersectionOverUnion } from "../../src/evaluation/match.js";
import { buildPipeline, openModels } from "../../src/pipeline/assemble.js";
import { cv, type Mat } from "../../src/runtime/opencv.js";
import type { Frame } from "../../src/stream/frame.js";
import { sourceConfig } from "../capture/support/source-config.js";
import { AROUND, demoBrows, demoFrames, EVERY_CANDIDATE } from "../support/demo.js";

const { config } = loadConfig({ argv: [...EVERY_CANDIDATE] });
const models = await openModels(config);
t.teardown(() => models.close());

/** The stretch of the bundled video, its times from its beginning. */
async function* stretch(): AsyncGenerator<Frame> {
  for await (const frame of demoFrames(AROUND.fromMs, AROUND.toMs)) {
    yield { ...frame, timeMs: frame.timeMs - AROUND.fromMs };
  }
}

/** A camera before which the bundled video plays, each picture late by some milliseconds on the daemon's clock. */
class PlayedCamera implements Capture {
  readonly #frames = stretch();
  #delivered = 0;
  nowMs = 0;
  over = false;
  constructor(
    readonly lateMs: (index: number) => number,
    readonly isLost: (index: number) => boolean,
  ) {}
  async readAsync(): Promise<Mat> {
    for (;;) {
      const { value, done } = await this.#frames.next();
      if (done || value === undefined) {
        this.over = true;
        return new cv.Mat();
      }
      const index = this.#delivered++;
      if (!this.isLost(index)) {
        this.nowMs = value.timeMs + this.lateMs(index);
        return value.image;
      }
      value.image.release();
    }
  }
  get(): number {
    return 0;
  }
  async setAsync(): Promise<boolean> {
    return true;
  }
  release(): void {}
}

/** What such a camera delivers, through the queue of a live source. */
async function* live(lateMs: (index: number) => number, isLost: (index: number) => boolean): AsyncGenerator<Frame> {
  const camera = new PlayedCamera(lateMs, isLost);
  // The first read goes through the video up to the stretch, which may take a busy machine a while.
  const waits = { stallMs: 120_000, reconnectMinMs: 60_000, reconnectMaxMs: 60_000 };
  const room = sourceConfig({ kind: "v4l2", uri: "/dev/video0", queueFrames: 1000, ...waits });
  const source = createSource(room, { open: async () => camera, now: () => camera.nowMs, random: () => 0.999 });
  let taken = 0;
  for await (const frame of source.frames(new AbortController().signal)) {
    yield frame;
    taken++;
    while (!camera.over && source.stats().captured === taken) await new Promise((resolve) => setTimeout(resolve, 1));
    if (camera.over && source.stats().captured === taken) break;
  }
  t.match(source.stats(), { dropped: 0, reconnects: 0 });
}

async function detectionsOf(frames: AsyncIterable<Frame>): Promise<Detection[]> {
  const found: Detection[] = [];
  const pipeline = buildPipeline(config, models, "test", { onDetection: (detection) => void found.push(detection) });
  for await (const frame of frames) {
    await pipeline.process(frame);
    frame.image.release();
  }
  await pipeline.end();
  return found;
}

const brows = {
  onsetMs: demoBrows.onsetMs - AROUND.fromMs,
  apexMs: demoBrows.apexMs - AROUND.fromMs,
  offsetMs: demoBrows.offsetMs - AROUND.fromMs,
};
const fromFile = await detectionsOf(stretch());
const never = () => false;

t.test("a camera on time gives what the file gives, ids included", async (t) => {
  t.ok(fromFile.length > 0);
  t.same(await detectionsOf(live(() => 0, never)), fromFile);
});

for (const [what, lateMs, isLost] of [
  ["whose pictures come up to 8 ms late", (i: number) => (i * 5) % 9, never],
  ["that loses one picture in seven", () => 0, (i: number) => i % 7 === 3],
] as const) {
  t.test(`a camera ${what} shows the same expression`, async (t) => {
    const found = (await detectionsOf(live(lateMs, isLost))).filter((d) => intersectionOverUnion(d, brows) >= 0.5);
    t.equal(found.length, 1);
    t.ok(Math.abs((found[0]?.apexMs ?? 0) - brows.apexMs) <= 40, `apex at ${found[0]?.apexMs}, not ${brows.apexMs}`);
  });
}

t.test("a camera of 60 frames a second of which every second is left out shows the same expression", async (t) => {
  const thinOut = new ThinOut();
  thinOut.active = true;
  const found = (await detectionsOf(thinOut.of(live(() => 0, never)))).filter(
    (d) => intersectionOverUnion(d, brows) >= 0.5,
  );
  t.equal(found.length, 1);
  t.ok(thinOut.leftOut > 100, `${thinOut.leftOut} left out`);
});

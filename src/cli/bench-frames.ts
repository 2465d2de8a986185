import { createSource } from "../capture/index.js";
import type { Config } from "../config/index.js";
import { buildPipeline, type Models } from "../pipeline/index.js";
import type { Mat } from "../runtime/opencv.js";
import type { Frame } from "../stream/index.js";

/** Frames that are held in memory, and played forwards and backwards. */
const HELD = 120;
const WARM_UP = 120;
const TIMED = 1080;

/**
 * Frames a second of faces and motion alone: of frames that are decoded already, each copied once. Decoding would share
 * the cores, and hide what the rest takes.
 * @returns undefined for a video of fewer than two frames
 */
export async function decodedRate(
  config: Config,
  models: Models,
  video: string,
  signal: AbortSignal,
): Promise<number | undefined> {
  const { images, everyMs } = await firstFrames(config, video, signal);
  try {
    if (everyMs === undefined) return undefined;
    let startedMs = 0;
    const pipeline = buildPipeline(config, models, "bench", {});
    await pipeline.run(toAndFro(images, everyMs, WARM_UP + TIMED), ({ index }) => {
      if (index === WARM_UP) startedMs = performance.now();
    });
    return (1000 * TIMED) / (performance.now() - startedMs);
  } finally {
    for (const image of images) image.release();
  }
}

async function firstFrames(
  config: Config,
  video: string,
  signal: AbortSignal,
): Promise<{ images: Mat[]; everyMs: number | undefined }> {
  const source = createSource({ ...config.source, kind: "file", uri: video, pace: "fast", loop: false });
  const images: Mat[] = [];
  const times: number[] = [];
  for await (const { image, timeMs } of source.frames(signal)) {
    images.push(image);
    times.push(timeMs);
    if (images.length === HELD) break;
  }
  const [first = 0, last = 0] = [times[0], times.at(-1)];
  return { images, everyMs: images.length < 2 ? undefined : (last - first) / (images.length - 1) };
}

async function* toAndFro(images: readonly Mat[], everyMs: number, count: number): AsyncGenerator<Frame> {
  const turn = 2 * (images.length - 1);
  for (let index = 0; index < count; index++) {
    const place = index % turn;
    const image = images[place < images.length ? place : turn - place];
    if (image === undefined) return;
    yield { index, timeMs: index * everyMs, wallMs: undefined, image: image.copy() };
  }
}

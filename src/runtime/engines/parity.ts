import { FlinchError } from "../../lib/errors.js";
import { floats, type Graph } from "../graph.js";
import type { ModelEntry } from "../manifest.js";
import { Tensor } from "../onnxruntime.js";

/** How far an engine is from its model on made-up clips. */
export interface Parity {
  readonly clips: number;
  /** Largest difference of any label's probability. */
  readonly probability: number;
  /** What it may be. */
  readonly bound: number;
  /** Share of the clips with the same likeliest label. */
  readonly sameLabel: number;
}

/**
 * What a probability may change by. Release 0.6.0 reckoned in half precision stayed within 0.004 of itself in single on
 * these clips (its commit has that graph), and another model's weights are 0.5 away (test/runtime/engines/parity.test.ts).
 */
export const PARITY_BOUND = 0.01;
const CLIPS = 6;

/** What a clip is made of: crops of the video stream, and the side of each in pixels. */
export interface ClipShape {
  readonly frames: number;
  readonly size: number;
}

/** @throws FlinchError MODEL_MANIFEST where the entry does not say */
export function clipShapeOf({ file, ...entry }: ModelEntry): ClipShape {
  const { frames, size } = entry as Record<string, unknown>;
  if (typeof frames === "number" && typeof size === "number") return { frames, size };
  throw new FlinchError("MODEL_MANIFEST", `the manifest's entry of '${file}' needs frames and size, as numbers`);
}

/**
 * A made-up clip: a smooth picture under light noise in which a patch rises and falls. The same on every machine.
 * @param seed the clip's number, from 0
 */
export function madeUpClip({ frames, size }: ClipShape, seed: number) {
  const pixels = size * size;
  const cx = (0.3 + 0.1 * (seed % 5)) * size;
  const cy = (0.25 + 0.12 * (seed % 4)) * size;
  const width = ((6 + seed) * size) / 112;
  const picture = (rise: number): Uint8Array =>
    Uint8Array.from({ length: pixels * 3 }, (_, k) => {
      const at = Math.floor(k / 3);
      const [x, y] = [at % size, Math.floor(at / size)];
      const ground = 90 + 50 * Math.sin((x + seed * 9) / 17) * Math.cos(y / 13);
      const far = ((x - cx) ** 2 + (y - cy - (rise * 4 * size) / 112) ** 2) / (2 * width * width);
      const noise = (Math.imul(k + seed * 7919, 2654435761) >>> 24) / 16;
      return ground + 70 * Math.exp(-far) * (rise + 0.2) + noise;
    });
  const clip = (rises: readonly number[]): Tensor => {
    const data = new Uint8Array(rises.length * pixels * 3);
    for (const [i, rise] of rises.entries()) data.set(picture(rise), i * pixels * 3);
    return new Tensor("uint8", data, [1, rises.length, size, size, 3]);
  };
  const rises = Array.from({ length: frames }, (_, i) => Math.sin((Math.PI * i) / Math.max(1, frames - 1)));
  return { frames: clip(rises), special: clip([0, 1]) };
}

/** Runs both on made-up clips, one after the other. Neither is closed. */
export async function compareEngines(engine: Graph, model: Graph, shape: ClipShape): Promise<Parity> {
  let probability = 0;
  let same = 0;
  for (let seed = 0; seed < CLIPS; seed++) {
    const clip = madeUpClip(shape, seed);
    const found = floats(await engine.run(clip), "probabilities");
    const wanted = floats(await model.run(clip), "probabilities");
    const apart = Math.max(...wanted.map((value, i) => Math.abs(value - (found[i] ?? Number.NaN))));
    // NaN is no number that is near.
    probability = Number.isNaN(apart) ? 1 : Math.max(probability, apart);
    if (likeliest(found) === likeliest(wanted)) same++;
  }
  return { clips: CLIPS, probability, bound: PARITY_BOUND, sameLabel: same / CLIPS };
}

function likeliest(values: Float32Array): number {
  return values.indexOf(Math.max(...values));
}

import { FlinchError } from "../errors.js";
import type { CropLayout } from "../face/alignment.js";
import type { ModelEntry } from "../models/manifest.js";
import type { Valences } from "./labels.js";

/** What the manifest says of a recogniser. */
export interface HstaEntry {
  readonly labels: readonly string[];
  readonly valence: Valences;
  /** Frames of the video stream. */
  readonly frames: number;
  readonly layout: CropLayout;
  /** Multiply-adds of one clip; undefined if the manifest does not say. */
  readonly multiplyAdds: number | undefined;
  readonly version: string;
}

type Fraction = [number, number];

function isFraction(value: unknown): value is Fraction {
  return Array.isArray(value) && value.length === 2 && value.every((v) => typeof v === "number" && v > 0 && v < 1);
}

/** @throws FlinchError MODEL_MANIFEST naming the first key that is missing or of the wrong kind. */
export function hstaEntry(entry: ModelEntry): HstaEntry {
  const wrong = (key: string, wanted: string): never => {
    throw new FlinchError("MODEL_MANIFEST", `the manifest's entry of '${entry.file}' needs ${key}: ${wanted}`);
  };
  const { labels, valence, frames, size, crop, multiplyAdds, version } = entry as Record<string, unknown>;
  const eyes = (crop ?? {}) as { leftEye?: unknown; rightEye?: unknown };
  if (!Array.isArray(labels) || !labels.includes("none")) wrong("labels", "a list with 'none' among them");
  if (typeof valence !== "object" || valence === null) wrong("valence", "a valence or null a label");
  if (typeof frames !== "number" || frames < 1) wrong("frames", "the number of frames of a clip");
  if (typeof size !== "number" || size < 16) wrong("size", "the crop's side in pixels");
  if (!isFraction(eyes.leftEye) || !isFraction(eyes.rightEye))
    wrong("crop", "leftEye and rightEye, each [x, y] in 0…1");
  return {
    labels: labels as string[],
    valence: valence as Valences,
    frames: frames as number,
    layout: { size: size as number, leftEye: eyes.leftEye as Fraction, rightEye: eyes.rightEye as Fraction },
    multiplyAdds: typeof multiplyAdds === "number" ? multiplyAdds : undefined,
    version: typeof version === "string" ? version : "0",
  };
}

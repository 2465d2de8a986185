import { type AttentionShape, valences as known, type Valence } from "../contract/index.js";
import { FlinchError } from "../lib/errors.js";
import type { ModelEntry } from "../runtime/index.js";
import type { CropLayout } from "../stream/index.js";
import type { EvidenceWeights } from "./evidence.js";
import type { Valences } from "./labels.js";
import { areOperatingPoints, type OperatingPoints } from "./operating-points.js";

/** What the manifest says of a recogniser. */
export interface HstaEntry {
  readonly labels: readonly string[];
  readonly valence: Valences;
  /** Order of the valence head; undefined where the model has none. */
  readonly valences: readonly Valence[] | undefined;
  /** Numbers of the action units that the model tells, in its order; undefined where it tells none. */
  readonly actionUnits: readonly string[] | undefined;
  /** Shape of the attention map; undefined where the model gives none. */
  readonly attention: AttentionShape | undefined;
  /** Frames of the video stream. */
  readonly frames: number;
  readonly layout: CropLayout;
  /** How the spotter's word and this model's are added up, and how much evidence each sensitivity asks for. */
  readonly evidence: EvidenceWeights;
  readonly operatingPoints: OperatingPoints;
  /** Multiply-adds of one clip; undefined if the manifest does not say. */
  readonly multiplyAdds: number | undefined;
  readonly version: string;
  /** What its weights may be used for; undefined if the manifest does not say. */
  readonly licence: string | undefined;
}

type Fraction = [number, number];

function isFraction(value: unknown): value is Fraction {
  return Array.isArray(value) && value.length === 2 && value.every((v) => typeof v === "number" && v > 0 && v < 1);
}

/** True for a list of different texts, at least one. */
function areNames(value: unknown): value is string[] {
  if (!Array.isArray(value) || value.length === 0 || new Set(value).size !== value.length) return false;
  return value.every((name) => typeof name === "string" && name !== "");
}

function areValences(value: unknown): value is Valence[] {
  return areNames(value) && value.length === known.length && known.every((valence) => value.includes(valence));
}

function isShape(value: unknown): value is AttentionShape {
  return Array.isArray(value) && value.length === 3 && value.every((side) => Number.isInteger(side) && side > 0);
}

function areWeights(value: unknown): value is EvidenceWeights {
  if (typeof value !== "object" || value === null) return false;
  const { spotter, hsta, bias } = value as Record<string, unknown>;
  return [spotter, hsta, bias].every((weight) => Number.isFinite(weight));
}

/** @throws FlinchError MODEL_MANIFEST naming the first key that is missing or of the wrong kind. */
export function hstaEntry(entry: ModelEntry): HstaEntry {
  const wrong = (key: string, wanted: string): never => {
    throw new FlinchError("MODEL_MANIFEST", `the manifest's entry of '${entry.file}' needs ${key}: ${wanted}`);
  };
  const { labels, valence, valences, actionUnits, attention } = entry as Record<string, unknown>;
  const { frames, size, crop, evidence, operatingPoints, multiplyAdds, version } = entry as Record<string, unknown>;
  const eyes = (crop ?? {}) as { leftEye?: unknown; rightEye?: unknown };
  if (!areNames(labels) || labels.length < 2 || !labels.includes("none"))
    return wrong("labels", "a list of different names, 'none' among them");
  if (typeof valence !== "object" || valence === null) return wrong("valence", "a valence or null a label");
  if (valences !== undefined && !areValences(valences)) return wrong("valences", `a list of ${known.join(", ")}`);
  if (actionUnits !== undefined && !areNames(actionUnits))
    return wrong("actionUnits", "a list of their numbers, as text");
  if (attention !== undefined && !isShape(attention)) return wrong("attention", "its steps, rows and columns");
  if (typeof frames !== "number" || frames < 1) return wrong("frames", "the number of frames of a clip");
  if (typeof size !== "number" || size < 16) return wrong("size", "the crop's side in pixels");
  if (!isFraction(eyes.leftEye) || !isFraction(eyes.rightEye))
    return wrong("crop", "leftEye and rightEye, each [x, y] in 0…1");
  if (!areWeights(evidence)) return wrong("evidence", "the numbers spotter, hsta and bias");
  if (!areOperatingPoints(operatingPoints))
    return wrong("operatingPoints", "least evidence of strict, balanced and sensitive, none above the one before");
  return {
    labels,
    valence: valence as Valences,
    valences,
    actionUnits,
    attention,
    frames,
    layout: { size, leftEye: eyes.leftEye, rightEye: eyes.rightEye },
    evidence,
    operatingPoints,
    multiplyAdds: typeof multiplyAdds === "number" ? multiplyAdds : undefined,
    version: typeof version === "string" ? version : "0",
    licence: entry.licence,
  };
}

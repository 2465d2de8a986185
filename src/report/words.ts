import type { Config } from "../config/index.js";
import type { Statement } from "../contract/index.js";
import type { MovementResult } from "../pipeline/index.js";
import type { ListedMovement } from "./movement.js";

/** The sections of the configuration that decide what becomes of a movement. */
export type Settings = Pick<Config, "spotting" | "recognition" | "clip">;

/** A moment of the stream, in seconds to the millisecond. */
export const seconds = (ms: number): string => `${(ms / 1000).toFixed(3)} s`;

export const percent = (share: number): string => `${Number((100 * share).toFixed(1))}\u00a0%`;

const of = (statement: Statement | undefined): string =>
  statement === undefined ? "a probability" : percent(statement.none);

/** What the motion signal of the spotter in use is, for a person. */
export const signalOf = ({ spotting }: Settings): string =>
  spotting.method === "learned"
    ? "how probable the spotter finds it that a micro-expression has just ended"
    : "how far a group of the face’s regions rose and came back, over this person’s own noise";

const weighed = (evidence: number | undefined): string =>
  evidence === undefined ? "little evidence" : `evidence of ${evidence.toFixed(1)}`;

/** What decides how much evidence an event needs. */
const evidenceAsked = ({ spotting, recognition }: Settings): string =>
  recognition.minEvidence === null
    ? `what spotting.sensitivity, ${spotting.sensitivity}, asks for`
    : `recognition.minEvidence, ${recognition.minEvidence}`;

const WHY: Readonly<Record<MovementResult, (movement: ListedMovement, settings: Settings) => string>> = {
  event: ({ statement }, { recognition }) =>
    `It rose and returned as a micro-expression does, and the model gave “none” ${of(statement)}, at most ${percent(recognition.maxNone)}.`,
  blink: () => "Both eyes changed their look for a moment, and nothing else moved by far more than lids drag along.",
  gaze: () => "The look of both eyes changed for good: they turned to something else.",
  head_motion: () => "The head moved, by enough to explain what the regions showed.",
  speech: () => "The mouth went to and fro several times: talking, or chewing.",
  too_strong: () => "Mouth or chin moved further than a micro-expression does.",
  not_returning: () => "It did not come back as far as it had gone: a step, or a longer expression.",
  too_short: (_, { spotting }) => `It was shorter than spotting.minMs, ${spotting.minMs} ms.`,
  too_long: (_, { spotting }) => `It was clearly longer than spotting.maxMs, ${spotting.maxMs} ms.`,
  none: ({ statement }, { recognition }) =>
    `The model gave “none” ${of(statement)}, and recognition.maxNone allows ${percent(recognition.maxNone)}.`,
  little_evidence: ({ statement, evidence }, settings) =>
    `The spotter’s probability and the model’s “none” ${of(statement)} make ${weighed(evidence)}, short of ${evidenceAsked(settings)}.`,
  low_confidence: (_, { recognition }) =>
    `No class reached recognition.minConfidence, ${percent(recognition.minConfidence)}.`,
  clip_lost: (_, { clip }) => `The pictures of its onset had left the clip buffer (clip.seconds, ${clip.seconds} s).`,
};

/** Why a movement raised an event, or why not, for a person. */
export const whyOf = (movement: ListedMovement, settings: Settings): string =>
  WHY[movement.verdict](movement, settings);

import { readFileSync } from "node:fs";
import { FlinchError, reasonOf } from "../lib/errors.js";
import { writtenText } from "../lib/written-text.js";
import type { Interval } from "./match.js";

/** What a simulated face did and when. */
export interface Act extends Interval {
  /** "micro_expression", or what is easily taken for one: "blink", "speech", "gaze", "nod", … */
  readonly kind: string;
  readonly face: number;
  readonly apexMs: number;
  /** The emotion of a micro-expression, else null. */
  readonly emotion: string | null;
  readonly actionUnits: readonly string[];
}

/** Where a face was while it could be seen: milliseconds, x and y of the point between the eyes, their distance, pixels. */
export type Place = readonly [timeMs: number, x: number, y: number, eyeDistance: number];

export interface Person {
  /** False for somebody who only passes by. */
  readonly seated: boolean;
  /** By time, at an even step. */
  readonly places: readonly Place[];
}

/** What is to be seen in a simulated video, as its simulator wrote it down. */
export interface Truth {
  readonly fps: number;
  readonly durationMs: number;
  readonly events: readonly Act[];
  /** Missing where the video has a single face that never leaves. */
  readonly faces?: readonly Person[];
  /** Frames were lost. */
  readonly wavering?: boolean;
}

/** @throws FlinchError SOURCE_UNREADABLE if the file cannot be read or holds no truth. */
export function readTruth(file: string): Truth {
  let content: unknown;
  try {
    content = JSON.parse(writtenText(readFileSync(file)));
  } catch (thrown) {
    throw new FlinchError("SOURCE_UNREADABLE", `${file}: ${reasonOf(thrown)}`, { cause: thrown });
  }
  const { fps, durationMs, events } = (content ?? {}) as Partial<Truth>;
  if (typeof fps !== "number" || typeof durationMs !== "number" || !Array.isArray(events)) {
    throw new FlinchError("SOURCE_UNREADABLE", `${file}: no truth of a simulated video (fps, durationMs, events)`);
  }
  return content as Truth;
}

export const isMicroExpression = (act: Act): boolean => act.kind === "micro_expression";

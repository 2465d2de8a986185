import { readFileSync } from "node:fs";
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

/** What is to be seen in a simulated video, as its simulator wrote it down. */
export interface Truth {
  readonly fps: number;
  readonly durationMs: number;
  readonly events: readonly Act[];
}

export const readTruth = (file: string): Truth => JSON.parse(readFileSync(file, "utf8")) as Truth;

export const isMicroExpression = (act: Act): boolean => act.kind === "micro_expression";

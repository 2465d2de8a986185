import { FlinchError } from "../lib/errors.js";
import type { Mat } from "../runtime/opencv.js";
import type { SourceConfig } from "./source-config.js";

/** What of OpenCV's VideoCapture is used. One `readAsync` at a time: overlapping ones crash. */
export interface Capture {
  readAsync(): Promise<Mat>;
  get(property: number): number;
  setAsync(property: number, value: number): Promise<boolean>;
  release(): void;
}

/** Opens a capture, or throws a FlinchError SOURCE_NOT_FOUND or SOURCE_UNREADABLE. */
export type OpenCapture = (config: SourceConfig, signal: AbortSignal) => Promise<Capture>;

export function unreadable(config: SourceConfig, why: string): FlinchError {
  return new FlinchError("SOURCE_UNREADABLE", `cannot read the ${config.kind} source: ${why}`);
}

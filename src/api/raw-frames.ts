import { FlinchError } from "../lib/errors.js";
import { cv } from "../runtime/opencv.js";
import type { Frame } from "../stream/index.js";

const CHANNELS = 3;

/** A picture as a caller has it: 8 bits a channel, blue, green, red, row by row without padding. */
export interface RawFrame {
  /** Milliseconds since the stream began; each frame's lies after that of the one before. */
  readonly timeMs: number;
  readonly width: number;
  readonly height: number;
  /** height × width × 3 bytes. */
  readonly data: Uint8Array;
}

/**
 * Raw frames as the pipeline takes them, until the signal aborts.
 * @throws FlinchError SOURCE_UNREADABLE for a frame whose size or time cannot be right
 */
export async function* framesOf(raw: AsyncIterable<RawFrame>, signal: AbortSignal): AsyncGenerator<Frame> {
  let index = 0;
  let lastMs = Number.NEGATIVE_INFINITY;
  for await (const frame of raw) {
    if (signal.aborted) return;
    yield { index, timeMs: frame.timeMs, wallMs: undefined, image: imageOf(frame, index, lastMs) };
    lastMs = frame.timeMs;
    index++;
  }
}

function imageOf({ timeMs, width, height, data }: RawFrame, index: number, lastMs: number) {
  const refuse = (why: string) => new FlinchError("SOURCE_UNREADABLE", `frame ${index}: ${why}`);
  if (!Number.isFinite(timeMs) || timeMs <= lastMs)
    throw refuse(`its timeMs, ${timeMs}, does not lie after that of the frame before`);
  if (![width, height].every((side) => Number.isInteger(side) && side > 0))
    throw refuse(`${width} × ${height} is no size of a picture`);
  const bytes = width * height * CHANNELS;
  if (data.byteLength !== bytes)
    throw refuse(`${width} × ${height} BGR takes ${bytes} bytes, and data has ${data.byteLength}`);
  return new cv.Mat(Buffer.from(data.buffer, data.byteOffset, data.byteLength), height, width, cv.CV_8UC3);
}

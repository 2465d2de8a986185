import { createSource } from "../../src/capture/source.js";
import { type Act, isMicroExpression, readTruth } from "../../src/evaluation/truth.js";
import type { Frame } from "../../src/stream/frame.js";
import { sourceConfig } from "../capture/support/source-config.js";
import { ffmpeg } from "../capture/support/video.js";

/** The bundled video: 640 × 480, 60 frames a second, one simulated face; and what that face does. */
export const DEMO_VIDEO = "demo/video.mp4";
export const demoActs: readonly Act[] = readTruth("demo/truth.json").events;

function first(what: string, wanted: (act: Act) => boolean): Act {
  const act = demoActs.find(wanted);
  if (act === undefined) throw new Error(`the demo has no ${what}`);
  return act;
}

/** A micro-expression of the brows, the surest to be seen. */
export const demoBrows = first(
  "micro-expression of the brows",
  (act) => isMicroExpression(act) && act.onsetMs > 2500 && act.actionUnits.some((unit) => /^[LR]?[124]$/.test(unit)),
);

/** A few seconds around it: long enough before for the spotter to know the face, and after for it to settle. */
export const AROUND = { fromMs: demoBrows.onsetMs - 2500, toMs: demoBrows.offsetMs + 1200 };

/** Reads the frames of a stretch of the bundled video; whoever takes them releases the images. */
export async function* demoFrames(fromMs = 0, toMs = Number.POSITIVE_INFINITY): AsyncGenerator<Frame> {
  for await (const frame of createSource(sourceConfig({ uri: DEMO_VIDEO })).frames(new AbortController().signal)) {
    if (frame.timeMs >= fromMs && frame.timeMs <= toMs) yield frame;
    else frame.image.release();
    if (frame.timeMs > toMs) return;
  }
}

/** The frame of the bundled video at a moment. */
export async function demoFrameAt(timeMs: number): Promise<Frame> {
  for await (const frame of demoFrames(timeMs - 1)) return frame;
  throw new Error(`the demo is over at ${timeMs} ms`);
}

/** Writes the stretch AROUND as a video of its own. */
export async function shortVideo(path: string, seconds = (AROUND.toMs - AROUND.fromMs) / 1000): Promise<string> {
  const encoded = ["-c:v", "libx264", "-preset", "veryfast", "-crf", "10", "-pix_fmt", "yuv420p"];
  await ffmpeg("-ss", String(AROUND.fromMs / 1000), "-i", DEMO_VIDEO, "-t", String(seconds), ...encoded, path);
  return path;
}

/** Arguments with which every candidate is an event, whatever the model thinks of it, on the CPU. */
export const EVERY_CANDIDATE = [
  "--recognition.maxNone=1",
  "--recognition.minEvidence=-20",
  "--recognition.minConfidence=0",
  "--recognition.providers=cpu",
];

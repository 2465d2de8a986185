import { createSource } from "../capture/index.js";
import type { Config } from "../config/index.js";
import type { Detection, Valence } from "../contract/index.js";
import { FlinchError } from "../lib/errors.js";
import { likeliest } from "../lib/likeliest.js";
import type { NoEvent } from "../pipeline/index.js";
import { buildPipeline, type Models } from "../pipeline/index.js";
import type { Candidate } from "../spotting/index.js";
import type { FaceObservation } from "../stream/index.js";
import type { Interval } from "./match.js";

/** Where a track was: milliseconds, x and y in pixels, at most every TRACK_STEP_MS. */
export type TrackPoint = readonly [timeMs: number, x: number, y: number];

const TRACK_STEP_MS = 100;

/** A candidate, and what became of it. */
export interface Report extends Interval {
  /** The track. */
  readonly face: number;
  readonly apexMs: number;
  readonly score: number;
  /** Milliseconds of the stream at which the spotter gave it out. */
  readonly settledMs: number;
  /** Set where HSTA let it pass: an event. */
  named?: { readonly emotion: string; readonly valence: Valence; readonly none: number };
}

/** All that a pipeline saw in one video. */
export interface Observed {
  readonly frames: number;
  readonly tracks: ReadonlyMap<number, readonly TrackPoint[]>;
  readonly reports: readonly Report[];
  /** How often a noticed movement was turned down, by reason. */
  readonly refused: ReadonlyMap<NoEvent, number>;
}

/**
 * Runs the daemon's own pipeline over a video file.
 * @param onFace also gets every aligned face, for other spotters.
 * @throws FlinchError SOURCE_UNREADABLE if the file ends before its time.
 */
export async function observe(
  config: Config,
  models: Models,
  video: string,
  signal: AbortSignal,
  onFace?: (observation: FaceObservation) => Promise<void>,
): Promise<Observed> {
  const tracks = new Map<number, TrackPoint[]>();
  const reports = new Map<string, Report>();
  const refused = new Map<NoEvent, number>();
  let nowMs = 0;
  const follow = ({ face, timeMs, cropCentre }: FaceObservation) => {
    const track = tracks.get(face) ?? [];
    tracks.set(face, track);
    if (timeMs - (track.at(-1)?.[0] ?? -Infinity) >= TRACK_STEP_MS) track.push([timeMs, cropCentre.x, cropCentre.y]);
  };
  const keyOf = (face: number, at: { onsetMs: number; apexMs: number }) => `${face} ${at.onsetMs} ${at.apexMs}`;
  const source = createSource({ ...config.source, kind: "file", uri: video, pace: "fast", loop: false });
  const pipeline = buildPipeline(config, models, "evaluation", {
    async onFace(observation) {
      follow(observation);
      await onFace?.(observation);
    },
    onCandidate(face: number, { onsetMs, apexMs, offsetMs, score }: Candidate) {
      reports.set(keyOf(face, { onsetMs, apexMs }), { face, onsetMs, apexMs, offsetMs, score, settledMs: nowMs });
    },
    onDetection(detection: Detection) {
      const report = reports.get(keyOf(detection.face, detection));
      if (report !== undefined && detection.report === "emotion") {
        report.named = { emotion: detection.label, valence: likeliest(detection.valence)[0], none: detection.none };
      }
    },
    onNoEvent: (reason) => void refused.set(reason, (refused.get(reason) ?? 0) + 1),
  });
  await pipeline.run(source.frames(signal), (frame) => {
    nowMs = frame.timeMs;
  });
  const { captured, lastError } = source.stats();
  if (lastError !== undefined) throw new FlinchError("SOURCE_UNREADABLE", `${video}: ${lastError}`);
  return { frames: captured, tracks, reports: [...reports.values()], refused };
}

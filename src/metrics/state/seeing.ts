import { gapReasons, pauses, type State, sourceStatuses } from "../../contract/index.js";
import { counter, counters, gauge, type Measure, oneOf, zeroed } from "../measure.js";

const perRun = "since the pipeline last started";

/** What the camera gives, and how much of it a face could be judged in. */
export const seeing: readonly Measure[] = [
  oneOf("source_status", "1 for the status of the source, 0 for the others", "status", sourceStatuses, status),
  oneOf("paused", "1 for each reason why nothing is watched now", "reason", pauses, (state) => state.pauses),
  gauge("source_frames_per_second", "Frames a second that the source gives", ({ source }) => source.measuredFps),
  counter(
    "source_reconnects_total",
    `Times that the source was opened again, ${perRun}`,
    ({ source }) => source.reconnects,
  ),
  counter("frames_captured_total", `Frames read from the source, ${perRun}`, ({ source }) => source.captured),
  counter("frames_dropped_total", `Frames that nobody took in time, ${perRun}`, ({ source }) => source.dropped),
  counter(
    "frames_left_out_total",
    `Frames left out on purpose because the board is hot, ${perRun}`,
    ({ load }) => load.framesLeftOut,
  ),
  counter(
    "frames_evicted_early_total",
    `Frames that left a clip early because the source is faster than clip.maxFps, ${perRun}`,
    ({ clips }) => clips.evictedEarly,
  ),
  counter("watched_seconds_total", `Time in which frames came, ${perRun}`, ({ coverage }) => coverage.watchedS),
  counter(
    "judged_seconds_total",
    `Time in which at least one face could be judged, ${perRun}`,
    ({ coverage }) => coverage.judgedS,
  ),
  counters(
    "not_judged_seconds_total",
    `Time in which no face could be judged, by the first reason that held, ${perRun}`,
    "reason",
    ({ coverage }) => zeroed(gapReasons, coverage.notJudgedS),
  ),
  gauge("faces_followed", "Faces followed now", ({ faces }) => faces.followed),
  counters(
    "faces_left_out_total",
    `Times that a search found a face that is not analysed, ${perRun}`,
    "reason",
    ({ faces }) => ({ too_small: faces.tooSmall, over_limit: faces.overLimit }),
  ),
  gauge("session_open", "1 while a session is open; whose is never said", ({ session }) => session !== null),
];

function status({ source }: State): State["source"]["status"] {
  return source.status;
}

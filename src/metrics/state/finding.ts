import type { NoEvent } from "../../pipeline/index.js";
import { counters, type Measure, zeroed } from "../measure.js";

/** Why a movement raises no event. True for those that were candidates: the spotter raised them. */
export const NO_EVENT: Readonly<Record<NoEvent | "no_session", boolean>> = {
  blink: false,
  gaze: false,
  head_motion: false,
  speech: false,
  too_strong: false,
  not_returning: false,
  too_short: false,
  too_long: false,
  none: true,
  little_evidence: true,
  low_confidence: true,
  clip_lost: true,
  no_session: true,
};

/** What became of the movements that were noticed; the rest of it is counted as it happens. */
export const finding: readonly Measure[] = [
  counters(
    "movements_without_event_total",
    "Movements that were noticed and raised no event, by reason",
    "reason",
    ({ suppressed }) => zeroed(Object.keys(NO_EVENT), suppressed),
  ),
];

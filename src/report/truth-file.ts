import { type Act, readTruth, type Truth } from "../evaluation/index.js";
import { FlinchError, reasonOf } from "../lib/errors.js";

const isAct = (act: Partial<Act> | null): boolean =>
  typeof act?.kind === "string" && [act.onsetMs, act.apexMs, act.offsetMs].every(Number.isFinite);

/**
 * Reads what a simulator wrote down about its video.
 * @throws FlinchError TRUTH_UNREADABLE where there is no such file, or it is something else
 */
export function openTruth(file: string): Truth {
  let truth: Partial<Truth> | null;
  try {
    truth = readTruth(file);
  } catch (thrown) {
    throw unreadable(file, reasonOf(thrown), thrown);
  }
  if (!Array.isArray(truth?.events) || !truth.events.every(isAct))
    throw unreadable(file, "it lists no events with kind, onsetMs, apexMs and offsetMs");
  return truth as Truth;
}

function unreadable(file: string, why: string, cause?: unknown): FlinchError {
  return new FlinchError("TRUTH_UNREADABLE", `--truth '${file}' is no truth of a simulated video: ${why}`, { cause });
}

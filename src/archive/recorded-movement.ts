import type { Statement } from "../contract/index.js";
import type { Movement } from "../pipeline/index.js";
import type { RecordedMovement, WallClock } from "./recording.js";

const TOLD = new Set(["report", "none", "label", "confidence", "probabilities", "valence", "actionUnits", "attention"]);

/** A movement as it is exported; the pipeline keeps the whole event as an event's statement, of which only that remains. */
export function recordedMovement(movement: Movement, at: WallClock): RecordedMovement {
  const { id = null, statement, ...rest } = movement;
  return { id, ...rest, ...at, ...(statement && { statement: bare(statement) }) };
}

const bare = (statement: Statement): Statement =>
  Object.fromEntries(Object.entries(statement).filter(([name]) => TOLD.has(name))) as unknown as Statement;

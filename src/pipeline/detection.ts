import type { Context, Detection } from "../contract/index.js";
import type { Classification, Recogniser, ReportSettings } from "../recognition/index.js";
import type { Candidate } from "../spotting/index.js";
import { eventId } from "./event-id.js";
import { contextTold, disclose } from "./statement.js";

/** A candidate, and what is known of it. */
interface Seen {
  /** Names the stream. */
  readonly sourceId: string;
  readonly face: number;
  readonly candidate: Candidate;
  /** What the face did meanwhile. */
  readonly context: readonly Context[];
  readonly classification: Classification;
}

/** What the pipeline gives on of a candidate that raises an event, as far as the settings let it be told. */
export function detectionOf(
  { sourceId, face, candidate, context, classification }: Seen,
  { graph, entry }: Pick<Recogniser, "graph" | "entry">,
  settings: ReportSettings,
): Detection {
  const { sha256, name } = graph.model.entry;
  const { onsetMs, apexMs, offsetMs, score, regions, reason } = candidate;
  return {
    id: eventId({ source: sourceId, face, onsetMs, apexMs, offsetMs, modelSha256: sha256 }),
    face,
    onsetMs,
    apexMs,
    offsetMs,
    ...disclose(classification, settings),
    spotting: { score, regions, reason },
    context: contextTold(context, settings.report),
    model: { name, version: entry.version, sha256 },
  };
}

import type { RecordedEvent, Recording } from "./recording.js";
import { statementColumns } from "./statement-columns.js";
import { columnMaker, fromZero, originColumns, spoken, type Table } from "./table.js";

/** One row an event. */
export async function eventTable(recording: Recording): Promise<Table<RecordedEvent>> {
  const ms = fromZero(recording.zero);
  const { text, number, integer, time } = columnMaker<RecordedEvent>();
  return {
    name: "events",
    rows: recording.events,
    columns: [
      ...originColumns<RecordedEvent>(recording),
      text("device", "the device that raised it; empty for a file", ({ device }) => device ?? null),
      text("room", "the room that it is in; empty for a file", ({ room }) => room ?? null),
      text("id", "the same frames, model and configuration give the same id", ({ id }) => id),
      integer("face", "track of the face, in order of appearance", ({ face }) => face),
      number("onset_ms", ms, "when the movement began", ({ onsetMs }) => onsetMs),
      number("apex_ms", ms, "when it was largest", ({ apexMs }) => apexMs),
      number("offset_ms", ms, "when it was over", ({ offsetMs }) => offsetMs),
      time("onset_at", "the onset on the wall clock; empty for a file", ({ onsetAt }) => onsetAt ?? null),
      time("apex_at", "the apex on the wall clock; empty for a file", ({ apexAt }) => apexAt ?? null),
      time("offset_at", "the offset on the wall clock; empty for a file", ({ offsetAt }) => offsetAt ?? null),
      ...(await statementColumns(recording.events(), (event: RecordedEvent) => event)),
      number(
        "score",
        "probability, or times the noise",
        "what the spotter raised it by",
        ({ spotting }) => spotting.score,
      ),
      text("regions", "regions of the face that moved, strongest first, separated by spaces", ({ spotting }) =>
        spoken(spotting.regions.map(({ name }) => name)),
      ),
      text(
        "context",
        "what the face did meanwhile, separated by spaces; empty for a face that was still",
        ({ context }) => spoken(context ?? []),
      ),
      text("reason", "why the spotter raised it", ({ spotting }) => spotting.reason),
      text("model", "name of HSTA's model", ({ model }) => model.name),
      text("model_version", "its version", ({ model }) => model.version),
      text("model_sha256", "SHA-256 of its file", ({ model }) => model.sha256),
    ],
  };
}

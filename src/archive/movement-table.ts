import type { RecordedMovement, Recording } from "./recording.js";
import { statementColumns } from "./statement-columns.js";
import { columnMaker, fromZero, originColumns, spoken, type Table } from "./table.js";

/** One row a movement that the spotter noticed, whatever became of it. */
export async function movementTable(recording: Recording): Promise<Table<RecordedMovement>> {
  const ms = fromZero(recording.zero);
  const { text, number, integer, time } = columnMaker<RecordedMovement>();
  return {
    name: "movements",
    rows: recording.movements,
    columns: [
      ...originColumns<RecordedMovement>(recording),
      text("id", "of the event; of a session's movement without one, its own", ({ id }) => id),
      integer("face", "track of the face, in order of appearance", ({ face }) => face),
      text("result", "event, or why there was none", ({ verdict }) => verdict),
      number("onset_ms", ms, "when it began; empty where it has no shape", ({ onsetMs }) => onsetMs ?? null),
      number("apex_ms", ms, "when it was largest", ({ apexMs }) => apexMs),
      number("offset_ms", ms, "when it was over; empty where it has no shape", ({ offsetMs }) => offsetMs ?? null),
      time("onset_at", "the onset on the wall clock; empty for a file", ({ onsetAt }) => onsetAt),
      time("apex_at", "the apex on the wall clock; empty for a file", ({ apexAt }) => apexAt),
      time("offset_at", "the offset on the wall clock; empty for a file", ({ offsetAt }) => offsetAt),
      number("score", "probability, or times the noise", "what the spotter noticed it by", ({ score }) => score),
      number("evidence", "log odds", "of spotter and HSTA together", ({ evidence }) => evidence ?? null),
      text("regions", "regions of the face that moved, strongest first, separated by spaces", ({ regions }) =>
        spoken(regions.map(({ name }) => name)),
      ),
      text(
        "context",
        "what the face did meanwhile, separated by spaces; empty for a face that was still",
        ({ context }) => spoken(context),
      ),
      ...(await statementColumns(recording.movements(), ({ statement }: RecordedMovement) => statement)),
    ],
  };
}

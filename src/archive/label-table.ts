import type { Blocks, RecordedLabel, Recording } from "./recording.js";
import { columnMaker, fromZero, originColumns, type Table } from "./table.js";

/** One row a movement and reviewer: what each says now. */
export function labelTable(recording: Recording, labels: () => Blocks<RecordedLabel>): Table<RecordedLabel> {
  const ms = fromZero(recording.zero);
  const { text, number, integer, time } = columnMaker<RecordedLabel>();
  return {
    name: "labels",
    rows: labels,
    columns: [
      ...originColumns<RecordedLabel>(recording),
      text("id", "of this version of the label", ({ id }) => id),
      text("movement", "the id in the table movements", ({ movement }) => movement),
      integer("face", "track of the face", ({ face }) => face),
      text("reviewer", "who says it", ({ reviewer }) => reviewer),
      text("decision", "whether it is a micro-expression: real, not_real or unsure", ({ decision }) => decision),
      number("onset_ms", ms, "the onset as the reviewer marks it; empty without a mark", ({ onsetMs }) => onsetMs),
      number("apex_ms", ms, "the apex, likewise", ({ apexMs }) => apexMs),
      number("offset_ms", ms, "the offset, likewise", ({ offsetMs }) => offsetMs),
      time("onset_at", "the marked onset on the wall clock", ({ onsetAt }) => onsetAt),
      time("apex_at", "the marked apex on the wall clock", ({ apexAt }) => apexAt),
      time("offset_at", "the marked offset on the wall clock", ({ offsetAt }) => offsetAt),
      text("note", "what the reviewer wrote", ({ note }) => note),
      time("said_at", "when it was said", ({ at }) => at),
      integer(
        "version",
        "how often the reviewer has spoken of this movement; the last word counts",
        (label) => label.version,
      ),
      text("flinch", "version of Flinch that it was said to", ({ flinch }) => flinch),
      text("model", "name of HSTA's model; empty without an event", ({ model }) => model?.name ?? null),
      text("model_version", "its version", ({ model }) => model?.version ?? null),
    ],
  };
}

import type { Recording, SignalSample, Signals } from "./recording.js";
import { type Column, columnMaker, fromZero, originColumns, type Table } from "./table.js";

const EYES = "thousandths of the eye distance";

const { text, number, integer } = columnMaker<SignalSample>();

/** Three columns a region. */
function regionColumns(name: string): Column<SignalSample>[] {
  const at = ({ regions }: SignalSample) => regions.indexOf(name);
  const about = `of ${name.replaceAll("_", " ")}`;
  return [
    number(
      `${name}_x`,
      EYES,
      `displacement ${about} to the right in the aligned face, the head's motion removed`,
      (row) => row.displacement[2 * at(row)] ?? null,
    ),
    number(
      `${name}_y`,
      EYES,
      `displacement ${about} downwards in the aligned face, the head's motion removed`,
      (row) => row.displacement[2 * at(row) + 1] ?? null,
    ),
    number(
      `${name}_change`,
      "root mean square",
      `what no motion explains ${about}; 0 is unchanged`,
      (row) => row.change[at(row)] ?? null,
    ),
  ];
}

/** One row a sample and face, as often as the camera gave a frame. */
export async function signalTable(recording: Recording, signals: Signals): Promise<Table<SignalSample>> {
  const ms = fromZero(recording.zero);
  const regions = await signals.regions();
  return {
    name: "signals",
    rows: () => signals.samples(),
    columns: [
      ...originColumns<SignalSample>(recording),
      text(
        "movement",
        "id of the movement around which a session keeps motion, so that a sample comes once for each movement near it; empty for a file",
        ({ movement }) => movement,
      ),
      number("time_ms", ms, "when the frame was captured", ({ timeMs }) => timeMs),
      integer("face", "track of the face, in order of appearance", ({ face }) => face),
      ...regions.flatMap(regionColumns),
      number("head_x", EYES, "translation of the head to the right of the picture", ({ head }) => head[0] ?? null),
      number("head_y", EYES, "translation of the head downwards", ({ head }) => head[1] ?? null),
      number(
        "head_turn",
        "thousandths",
        "turn of the head in the plane of the picture, in radians",
        ({ head }) => head[2] ?? null,
      ),
      number("head_growth", "thousandths", "growth of the head, as it comes nearer", ({ head }) => head[3] ?? null),
      number(
        "score",
        "probability, or times the noise",
        "what the spotter said last, at or before this moment",
        ({ signal }) => signal?.score ?? null,
      ),
      number(
        "score_time_ms",
        ms,
        "the moment that score is about: the spotter speaks less often than frames come",
        ({ signal }) => signal?.timeMs ?? null,
      ),
      text("score_group", "the group of regions that had moved most then", ({ signal }) => signal?.group ?? null),
    ],
  };
}

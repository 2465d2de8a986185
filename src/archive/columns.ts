import type { Detection, Statement } from "../contract/index.js";
import type { Movement } from "../pipeline/index.js";
import type { Results } from "./results.js";

export type Cell = string | number | null;

/** A column of a table: its name is the header, the rest goes into the data dictionary. */
export interface Column<Row> {
  readonly name: string;
  /** "" for what has none. */
  readonly unit: string;
  readonly about: string;
  /** Null where the row does not say. */
  readonly of: (row: Row) => Cell;
}

export interface Table<Row> {
  readonly name: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
}

const spoken = (names: readonly string[]): string => names.join(" ");

/** Names of regions and contexts are single words, so a space keeps them apart. */
const regionsOf = ({ regions }: Pick<Movement, "regions">): string => spoken(regions.map(({ name }) => name));

const contextColumn = {
  name: "context",
  unit: "",
  about: "what the face did meanwhile, separated by spaces; empty for a face that was still",
  of: ({ context }: Pick<Movement, "context">): string => spoken(context),
};

type Group = "probabilities" | "valence" | "actionUnits";

/** The numbers of a group; none where the statement may not tell them. */
function groupOf(statement: Statement | undefined, group: Group): Readonly<Record<string, number>> {
  if (statement === undefined) return {};
  if (group === "probabilities") return "probabilities" in statement ? statement.probabilities : {};
  if (group === "valence") return "valence" in statement ? statement.valence : {};
  return ("actionUnits" in statement ? statement.actionUnits : undefined) ?? {};
}

/** A column for each name that any of the statements has in a group, in the order in which they come. */
function groupColumns<Row>(
  rows: readonly Row[],
  statementOf: (row: Row) => Statement | undefined,
  group: Group,
  prefix: string,
  about: (name: string) => string,
): Column<Row>[] {
  const names = new Set(rows.flatMap((row) => Object.keys(groupOf(statementOf(row), group))));
  return [...names].map((name) => ({
    name: prefix + name,
    unit: "probability, 0 to 1",
    about: about(name),
    of: (row) => groupOf(statementOf(row), group)[name] ?? null,
  }));
}

/** What HSTA says, as far as any of the rows is allowed to tell it. */
function statementColumns<Row>(
  rows: readonly Row[],
  statementOf: (row: Row) => Statement | undefined,
): readonly Column<Row>[] {
  const one = (name: string, unit: string, about: string, of: (statement: Statement) => Cell): Column<Row> => ({
    name,
    unit,
    about,
    of: (row) => {
      const statement = statementOf(row);
      return statement === undefined ? null : of(statement);
    },
  });
  return [
    one("report", "", "how much may be told: emotion, valence, action_units or motion", ({ report }) => report),
    one("label", "", "likeliest class, none left out, or at report valence the likeliest valence", (statement) =>
      "label" in statement ? statement.label : null,
    ),
    one("confidence", "probability, 0 to 1", "calibrated probability of label", (statement) =>
      "confidence" in statement ? statement.confidence : null,
    ),
    one("none", "probability, 0 to 1", "calibrated probability that there was no micro-expression", ({ none }) => none),
    ...groupColumns(rows, statementOf, "probabilities", "p_", (name) => `probability of the class ${name}`),
    ...groupColumns(rows, statementOf, "valence", "valence_", (name) => `of ${name} valence, given an expression`),
    ...groupColumns(rows, statementOf, "actionUnits", "", (name) => `probability of action unit ${name.slice(2)}`),
  ];
}

const columnMaker =
  <Row>() =>
  (name: string, unit: string, about: string, of: (row: Row) => Cell): Column<Row> => ({ name, unit, about, of });

const MS = "ms from the start of the recording";

/** One row an event. */
export function eventTable({ summary, events }: Results): Table<Detection> {
  const column = columnMaker<Detection>();
  return {
    name: "events",
    rows: events,
    columns: [
      column("video", "", "file name of the recording", () => summary.video),
      column("id", "", "the same frames, model and configuration give the same id", ({ id }) => id),
      column("face", "", "track of the face, in order of appearance", ({ face }) => face),
      column("onset", MS, "when the movement began", ({ onsetMs }) => onsetMs),
      column("apex", MS, "when it was largest", ({ apexMs }) => apexMs),
      column("offset", MS, "when it was over", ({ offsetMs }) => offsetMs),
      ...statementColumns(events, (event) => event),
      column(
        "score",
        "probability, or times the noise",
        "what the spotter raised it by",
        ({ spotting }) => spotting.score,
      ),
      column("regions", "", "regions of the face that moved, strongest first, separated by spaces", ({ spotting }) =>
        regionsOf(spotting),
      ),
      contextColumn,
      column("reason", "", "why the spotter raised it", ({ spotting }) => spotting.reason),
      column("model", "", "name of HSTA's model", ({ model }) => model.name),
      column("model_version", "", "its version", ({ model }) => model.version),
      column("model_sha256", "", "SHA-256 of its file", ({ model }) => model.sha256),
    ],
  };
}

/** One row a movement that the spotter noticed, whatever became of it. */
export function movementTable({ summary, movements }: Results): Table<Movement> {
  const column = columnMaker<Movement>();
  return {
    name: "movements",
    rows: movements,
    columns: [
      column("video", "", "file name of the recording", () => summary.video),
      column("face", "", "track of the face, in order of appearance", ({ face }) => face),
      column("result", "", "event, or why there was none", ({ verdict }) => verdict),
      column("onset", MS, "when it began; empty where it has no shape", ({ onsetMs }) => onsetMs ?? null),
      column("apex", MS, "when it was largest", ({ apexMs }) => apexMs),
      column("offset", MS, "when it was over; empty where it has no shape", ({ offsetMs }) => offsetMs ?? null),
      column("score", "probability, or times the noise", "what the spotter noticed it by", ({ score }) => score),
      column("evidence", "log odds", "of spotter and HSTA together", ({ evidence }) => evidence ?? null),
      column("regions", "", "regions of the face that moved, strongest first, separated by spaces", regionsOf),
      contextColumn,
      column("id", "", "of an event", ({ id }) => id ?? null),
      ...statementColumns(movements, ({ statement }) => statement),
    ],
  };
}

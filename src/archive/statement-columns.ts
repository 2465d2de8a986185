import type { Statement } from "../contract/index.js";
import type { Blocks } from "./recording.js";
import { type Cell, type Column, columnMaker } from "./table.js";

type Group = "probabilities" | "valence" | "actionUnits";

const GROUPS: readonly Group[] = ["probabilities", "valence", "actionUnits"];

/** The numbers of a group; none where the statement may not tell them. */
function groupOf(statement: Statement | undefined, group: Group): Readonly<Record<string, number>> {
  if (statement === undefined) return {};
  if (group === "probabilities") return "probabilities" in statement ? statement.probabilities : {};
  if (group === "valence") return "valence" in statement ? statement.valence : {};
  return ("actionUnits" in statement ? statement.actionUnits : undefined) ?? {};
}

/** The names that any of the statements has in each group, in the order in which they come. */
async function namesIn<Row>(rows: Blocks<Row>, statementOf: (row: Row) => Statement | undefined) {
  const names = { probabilities: new Set<string>(), valence: new Set<string>(), actionUnits: new Set<string>() };
  for await (const block of rows)
    for (const row of block)
      for (const group of GROUPS) for (const name in groupOf(statementOf(row), group)) names[group].add(name);
  return names;
}

/**
 * What HSTA says, as far as any of the rows is allowed to tell it.
 * @param rows read once, for the names of what it says
 */
export async function statementColumns<Row>(
  rows: Blocks<Row>,
  statementOf: (row: Row) => Statement | undefined,
): Promise<Column<Row>[]> {
  const names = await namesIn(rows, statementOf);
  const { text, number } = columnMaker<Row>();
  const of =
    <T extends Cell>(read: (statement: Statement) => T) =>
    (row: Row) => {
      const statement = statementOf(row);
      return statement === undefined ? null : read(statement);
    };
  const probability = "probability, 0 to 1";
  const group = (group: Group, prefix: string, about: (name: string) => string) =>
    [...names[group]].map((name) =>
      number(prefix + name, probability, about(name), (row) => groupOf(statementOf(row), group)[name] ?? null),
    );
  return [
    text(
      "report",
      "how much may be told: emotion, valence, action_units or motion",
      of(({ report }) => report),
    ),
    text(
      "label",
      "likeliest class, none left out, or at report valence the likeliest valence",
      of((statement) => ("label" in statement ? statement.label : null)),
    ),
    number(
      "confidence",
      probability,
      "calibrated probability of label",
      of((statement) => ("confidence" in statement ? statement.confidence : null)),
    ),
    number(
      "none",
      probability,
      "calibrated probability that there was no micro-expression",
      of(({ none }) => none),
    ),
    ...group("probabilities", "p_", (name) => `probability of the class ${name}`),
    ...group("valence", "valence_", (name) => `of ${name} valence, given an expression`),
    ...group("actionUnits", "", (name) => `probability of action unit ${name.slice(2)}`),
  ];
}

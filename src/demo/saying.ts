import type { Statement } from "../contract/index.js";
import { likeliest } from "../lib/likeliest.js";

/** What an event says before all else, for a person, and how sure it is of it: "happy", "81 %". */
export function sayingOf(statement: Statement): { readonly what: string; readonly percent: string } {
  const sure = ([what, probability]: readonly [string, number]) => ({
    what,
    percent: `${Math.round(100 * probability)} %`,
  });
  if ("label" in statement) return sure([statement.label, statement.confidence]);
  if ("actionUnits" in statement) return sure(likeliest(statement.actionUnits));
  return { what: "movement", percent: "" };
}

import { readFileSync } from "node:fs";

export const DASHBOARD = "deploy/grafana/flinch.json";
export const RULES = "deploy/prometheus/flinch.rules.yml";

/** The names of metrics that stand in each file's expressions, parsed loosely: every word that begins as ours do. */
export function deployedNames(): Map<string, Set<string>> {
  return new Map(
    [DASHBOARD, RULES].map((file) => {
      const expressions = readFileSync(file, "utf8");
      return [file, new Set([...expressions.matchAll(/\bflinch_\w+/g)].map(([name]) => name))];
    }),
  );
}

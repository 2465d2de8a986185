import type { NamedResult } from "../../lib/check.js";

const STATUS_WIDTH = "warn".length;

/** One aligned line a check, and its advice below it. */
export function renderResults(results: readonly NamedResult[]): string {
  const width = Math.max(0, ...results.map((result) => result.name.length));
  const indent = " ".repeat(STATUS_WIDTH + width + 4);
  const lines = results.flatMap((result) => {
    const line = `${result.status.padEnd(STATUS_WIDTH)}  ${result.name.padEnd(width)}  ${result.detail}`;
    return result.advice === undefined ? [line] : [line, `${indent}→ ${result.advice}`];
  });
  return `${lines.join("\n")}\n`;
}

/** The same for a program: one JSON object. */
export function renderResultsJson(results: readonly NamedResult[]): string {
  return `${JSON.stringify({ ok: results.every((result) => result.status !== "fail"), checks: results }, null, 2)}\n`;
}

import type { Job, Outcome } from "./job.js";

/** Recordings that the table has, those that failed first; summary.json of each has the rest. */
const MOST_ROWS = 40;

const STATES: Readonly<Record<Outcome["state"], string>> = {
  failed: "failed",
  cut: "cut short",
  analysed: "analysed",
  kept: "there already",
};

/** What a run came to: a row a recording, those that failed with the reason, and the sums. */
export function tableOf(outcomes: ReadonlyMap<Job, Outcome>): string[] {
  const order = Object.keys(STATES);
  const sorted = [...outcomes].sort(
    ([a, one], [b, other]) => order.indexOf(one.state) - order.indexOf(other.state) || (a.name < b.name ? -1 : 1),
  );
  const shown = sorted.slice(0, MOST_ROWS);
  const rows = [["recording", "minutes", "judged", "events", ""], ...shown.map(([job, outcome]) => row(job, outcome))];
  const widths = [0, 1, 2, 3].map((column) => Math.max(...rows.map((cells) => cells[column]?.length ?? 0)));
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : i < 4 ? cell.padStart(widths[i] ?? 0) : cell))
      .join("  ")
      .trimEnd();
  const rest = sorted.length - shown.length;
  return [...rows.map(line), ...(rest > 0 ? [`… and ${rest} more`] : []), sums([...outcomes.values()])];
}

function row({ name }: Job, outcome: Outcome): string[] {
  if (outcome.state === "failed") return [name, "", "", "", `failed: ${outcome.why}`];
  const { minutes, coverage, events, cut } = outcome.summary;
  const state = cut === null ? STATES[outcome.state] : `${STATES.cut}: ${cut}`;
  return [name, minutes.video.toFixed(1), `${Math.round(100 * coverage)} %`, String(events), state];
}

function sums(outcomes: readonly Outcome[]): string {
  const count = (state: Outcome["state"]) => outcomes.filter((outcome) => outcome.state === state).length;
  const summaries = outcomes.flatMap((outcome) => (outcome.state === "failed" ? [] : [outcome.summary]));
  const sum = (of: (summary: (typeof summaries)[number]) => number) =>
    summaries.reduce((all, each) => all + of(each), 0);
  const states = (Object.keys(STATES) as Outcome["state"][]).filter((state) => count(state) > 0);
  const [video, judged, events] = [sum((s) => s.minutes.video), sum((s) => s.minutes.judged), sum((s) => s.events)];
  return `${outcomes.length} recordings: ${states.map((state) => `${count(state)} ${STATES[state]}`).join(", ")}; ${events} events in ${judged.toFixed(1)} of ${video.toFixed(1)} minutes`;
}

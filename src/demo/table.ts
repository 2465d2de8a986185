import type { Act, Interval, Match, Truth } from "../evaluation/index.js";
import { valenceOfEmotion } from "../evaluation/index.js";
import { likeliest } from "../lib/likeliest.js";
import type { Arrival } from "./arrival.js";
import { sayingOf } from "./saying.js";
import type { Score } from "./score.js";

const HEADING = ["in the video", "", "reported", "", "overlap", "", "valence"];

const seconds = (ms: number): string => (ms / 1000).toFixed(2);
const stretch = ({ onsetMs, offsetMs }: Interval): string => `${seconds(onsetMs)}–${seconds(offsetMs)} s`;

function wordsOf(arrival: Arrival): string {
  const { what, percent } = sayingOf(arrival);
  return `${what} ${percent}`.trimEnd();
}

function valenceResult({ truth, report }: Match<Act, Arrival>): string {
  const meant = valenceOfEmotion(truth.emotion ?? "");
  // "others" has no valence that could be right or wrong, and not every event says one.
  if (meant === undefined || !("valence" in report)) return "–";
  return likeliest(report.valence)[0] === meant ? "right" : "wrong";
}

/** What else the face did at that time, in words: the likely cause of a false event. */
function meanwhile(report: Interval, events: readonly Act[]): string {
  const kinds = events.filter((act) => act.onsetMs < report.offsetMs && act.offsetMs > report.onsetMs);
  return kinds.length === 0 ? "nothing" : [...new Set(kinds.map(({ kind }) => kind.replaceAll("_", "-")))].join(", ");
}

function align(rows: readonly (readonly string[])[]): string[] {
  const widths = HEADING.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd(),
  );
}

/** Everything that was to be seen and everything that was reported, in order of time. */
export function tableOf(score: Score, { events }: Truth): string[] {
  const rows = [
    ...score.matches.map((match) => ({
      at: match.truth.onsetMs,
      cells: [
        stretch(match.truth),
        match.truth.emotion ?? "",
        stretch(match.report),
        wordsOf(match.report),
        match.iou.toFixed(2),
        "hit",
        valenceResult(match),
      ],
    })),
    ...score.missed.map((act) => ({
      at: act.onsetMs,
      cells: [stretch(act), act.emotion ?? "", "–", "", "", "miss", ""],
    })),
    ...score.falseReports.map((report) => ({
      at: report.onsetMs,
      cells: [`(${meanwhile(report, events)})`, "", stretch(report), wordsOf(report), "", "false", ""],
    })),
  ].sort((a, b) => a.at - b.at);
  return align([HEADING, ...rows.map(({ cells }) => cells)]);
}

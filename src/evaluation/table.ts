import type { Evaluation, RateScore } from "./evaluate.js";
import type { SpottingScore } from "./spotting-score.js";

const share = (value: number): string => value.toFixed(3).replace(/^0/, "");
const whole = (value: number): string => (Number.isNaN(value) ? "–" : value.toFixed(0));

const SPOTTING_HEADING = [
  "expressions",
  "found",
  "precision",
  "recall",
  "F1",
  "false/h",
  "onset ms",
  "apex ms",
  "offset ms",
];

/** Cells of a spotting score, as the heading names them. */
export function spottingCells(score: SpottingScore): string[] {
  return [
    `${score.expressions}`,
    `${score.found}`,
    share(score.precision),
    share(score.recall),
    share(score.f1),
    score.falsePerHour.toFixed(1),
    score.onsetErrorMs.toFixed(1),
    score.apexErrorMs.toFixed(1),
    score.offsetErrorMs.toFixed(1),
  ];
}

/** A Markdown table, its columns aligned. */
export function markdown(heading: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = heading.map((cell, i) => Math.max(cell.length, ...rows.map((row) => row[i]?.length ?? 0)));
  const line = (cells: readonly string[]) => `| ${cells.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join(" | ")} |`;
  return [line(heading), `|${widths.map((width) => "-".repeat(width + 2)).join("|")}|`, ...rows.map(line)].join("\n");
}

/** What `flinch evaluate` prints. */
export function renderEvaluation({ rates, all, baselines }: Evaluation): string {
  const each = rates.length > 1 ? [...rates, all] : rates;
  const spotting = (read: (score: RateScore) => SpottingScore) =>
    markdown(
      ["frames/s", ...SPOTTING_HEADING],
      each.map((score) => [score.rate, ...spottingCells(read(score))]),
    );
  const others = markdown(
    [
      "frames/s",
      "videos",
      "face minutes",
      "UF1 valence",
      "UF1 emotion",
      "STRS valence",
      "STRS emotion",
      "settled after ms",
      "coverage",
      "extra tracks",
      "switches",
    ],
    each.map((score) => [
      score.rate,
      `${score.videos}`,
      score.faceMinutes.toFixed(1),
      share(score.recognition.valence.uf1),
      share(score.recognition.emotion.uf1),
      share(score.recognition.strsValence),
      share(score.recognition.strsEmotion),
      whole(score.settledAfterMs),
      share(score.coverage),
      `${score.extraTracks}`,
      `${score.identitySwitches}`,
    ]),
  );
  const refused = Object.entries(all.refused)
    .sort(([, p], [, q]) => q - p)
    .map(([reason, count]) => `${reason} ${count}`);
  return [
    "Events (verified by HSTA), simulated video, intersection over union of at least 0.5:",
    spotting(({ events }) => events),
    "\nCandidates (before HSTA):",
    spotting(({ candidates }) => candidates),
    "\nRecognition of what was found, and identity:",
    others,
    ...(baselines.length > 0
      ? [
          "\nPublished spotters on the same faces, each at the threshold that did best on the tuning people:",
          markdown(
            ["spotter", "threshold", ...SPOTTING_HEADING],
            baselines.map(({ name, threshold, score }) => [name, `${threshold}`, ...spottingCells(score)]),
          ),
        ]
      : []),
    `\nTurned down: ${refused.join(", ") || "nothing"}`,
  ].join("\n");
}

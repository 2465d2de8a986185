import { markdown } from "../table.js";
import type { Gathered } from "./gather.js";
import type { PointScore } from "./operating-point.js";
import { LEAST_LABELS, type Proposal, type Wish } from "./proposal.js";
import type { Share } from "./wilson.js";

/** An operating point with its name. */
export interface NamedPoint {
  readonly name: string;
  readonly score: PointScore;
}

/** Everything that `flinch calibrate` says. */
export interface Calibration {
  readonly gathered: Omit<Gathered, "labelled" | "hoursOf">;
  readonly labels: number;
  readonly sessions: number;
  readonly judgedHours: number;
  readonly points: readonly NamedPoint[];
  readonly wish: Wish;
  readonly proposal: Proposal | null;
}

const figure = ({ value, low, high }: Share): string =>
  value === null ? "–" : `${value.toFixed(2)} (${low.toFixed(2)}–${high.toFixed(2)})`;

const rate = (perHour: number | null): string => (perHour === null ? "–" : perHour.toFixed(1));

/** The calibration as text for a person. */
export function renderCalibration(calibration: Calibration): string {
  const { gathered, labels, sessions, judgedHours, points, proposal, wish } = calibration;
  const { reviewers, undecided, outside, weighed, weighedLabelled, withheldLabelled } = gathered;
  // Of withheld movements nobody has looked at, none can be known to be real.
  const tellsRecall = withheldLabelled > 0;
  const row = (
    name: string,
    evidence: string,
    { precision, recall, falsePerHour }: Omit<PointScore, "minEvidence">,
  ) => [name, evidence, figure(precision), tellsRecall ? figure(recall) : "–", rate(falsePerHour)];
  const rows = points.map(({ name, score }) => row(name, score.minEvidence.toFixed(2), score));
  if (proposal) {
    rows.push(row("proposed", proposal.chosen.minEvidence.toFixed(2), proposal.chosen));
    if (proposal.leftOut) rows.push(row("proposed, left out", "", proposal.leftOut));
  }
  return [
    `${labels} movements with a decision, of ${sessions} sessions with ${judgedHours.toFixed(2)} judged hours; reviewers: ${reviewers}`,
    `left out: ${undecided} undecided, ${outside} outside of sessions`,
    "",
    markdown(["operating point", "least evidence", "precision (95 %)", "recall (95 %)", "false an hour"], rows),
    "",
    ...(tellsRecall
      ? ["Recall is of the labelled movements: what nobody noticed has no label."]
      : [
          "Recall cannot be told: no withheld movement is labelled. Label some in the console: Review, Show: withheld.",
        ]),
    ...(weighedLabelled < weighed
      ? [
          `${weighed - weighedLabelled} of ${weighed} weighed movements of these sessions have no label: false events an hour is at least this.`,
        ]
      : []),
    ...verdictOf(proposal, labels, wish),
  ].join("\n");
}

function verdictOf(proposal: Proposal | null, labels: number, wish: Wish): string[] {
  const precision = wish.minPrecision > 0 ? ` and a precision of ${wish.minPrecision} at least` : "";
  const wanted = `at most ${wish.maxFalsePerHour} false events an hour${precision}`;
  if (labels < LEAST_LABELS)
    return [`Nothing is proposed from fewer than ${LEAST_LABELS} decisions: intervals this wide say little.`];
  if (proposal === null) return [`No operating point keeps to ${wanted}.`];
  const told = proposal.leftOut
    ? "“left out” scores each session by the point that the others choose: expect that in sessions to come."
    : "With a single session nothing says how the proposal does in another.";
  return [`Proposed is the point with the most recall among those with ${wanted}. ${told}`];
}

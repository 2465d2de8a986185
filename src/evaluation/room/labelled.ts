import type { Label } from "../../history/index.js";
import type { Movement } from "../../pipeline/index.js";

/** A movement that reviewers have decided on. */
export interface Labelled {
  readonly session: string;
  readonly real: boolean;
  /** Evidence that an event of it would need at most, log odds; null where another gate keeps it from being one. */
  readonly evidence: number | null;
}

/** What most reviewers say; undefined where as many say the other, or nobody is sure. */
export function majority(labels: readonly Pick<Label, "decision">[]): boolean | undefined {
  const count = (decision: Label["decision"]) => labels.filter((label) => label.decision === decision).length;
  const [real, not] = [count("real"), count("not_real")];
  return real === not ? undefined : real > not;
}

/** The evidence on which it depends whether a movement raises an event; null where it does not depend on that. */
export function decidingEvidence({ verdict, evidence }: Pick<Movement, "verdict" | "evidence">): number | null {
  return verdict === "event" || verdict === "little_evidence" ? (evidence ?? null) : null;
}

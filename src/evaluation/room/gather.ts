import type { History } from "../../history/index.js";
import { decidingEvidence, majority } from "./labelled.js";
import type { RoomLabels } from "./proposal.js";

const HOUR_MS = 3_600_000;
const PAGE = 500;

/** Labels of a room, and what they leave open. */
export interface Gathered extends RoomLabels {
  readonly reviewers: number;
  /** Movements on which nobody is sure, or reviewers are divided. */
  readonly undecided: number;
  /** Labelled movements outside of sessions, whose time is not counted; they are left out. */
  readonly outside: number;
  /** Of the labelled sessions: movements that the spotter proposed and HSTA weighed, and those of them with a label. */
  readonly weighed: number;
  readonly weighedLabelled: number;
  /** Of the decided ones, those that had raised no event. */
  readonly withheldLabelled: number;
}

/** Gathers what reviewers have decided, from a history. */
export function gather(history: History): Gathered {
  const byMovement = new Map<string, ReturnType<History["currentLabels"]>>();
  const labels = history.currentLabels();
  for (const label of labels) byMovement.set(label.movement, [...(byMovement.get(label.movement) ?? []), label]);
  const labelled = [];
  let [undecided, outside, withheldLabelled] = [0, 0, 0];
  for (const [id, own] of byMovement) {
    const kept = history.movement(id);
    if (kept === undefined) continue;
    const real = majority(own);
    if (real === undefined) undecided++;
    else if (kept.session === null) outside++;
    else {
      labelled.push({ session: kept.session, real, evidence: decidingEvidence(kept.movement) });
      if (kept.event === null) withheldLabelled++;
    }
  }
  const sessions = [...new Set(labelled.map(({ session }) => session))];
  const judged = (session: string) => history.coverageOf(session).reduce((sum, { judgedMs }) => sum + judgedMs, 0);
  const weighed = sessions.flatMap((session) => weighedOf(history, session));
  return {
    labelled,
    hoursOf: new Map(sessions.map((session) => [session, judged(session) / HOUR_MS])),
    reviewers: new Set(labels.map(({ reviewer }) => reviewer)).size,
    undecided,
    outside,
    weighed: weighed.length,
    weighedLabelled: weighed.filter((id) => byMovement.has(id)).length,
    withheldLabelled,
  };
}

/** The movements of a session whose event depends on their evidence. */
function weighedOf(history: History, session: string): string[] {
  const ids: string[] = [];
  let before: { readonly atMs: number; readonly id: string } | undefined;
  for (;;) {
    const page = history.movements({ session, limit: PAGE, ...(before && { before }) });
    ids.push(...page.filter(({ movement }) => decidingEvidence(movement) !== null).map(({ id }) => id));
    before = page.at(-1);
    if (before === undefined || page.length < PAGE) return ids;
  }
}

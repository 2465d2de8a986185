import type { Movement } from "../../pipeline/index.js";
import { timeOf, titleOf, words } from "../words.js";

export interface Happening {
  readonly atMs: number;
  readonly movement: Movement;
}

/** What was noticed lately, newest first: events, and what was withheld with its reason. */
export function Happenings({ happenings, raisedOnly }: { happenings: readonly Happening[]; raisedOnly: boolean }) {
  const shown = raisedOnly ? happenings.filter(({ movement }) => movement.verdict === "event") : happenings;
  if (shown.length === 0) return <p class="soft">Nothing yet.</p>;
  return (
    <ol class="happenings">
      {shown.map(({ atMs, movement }) => {
        const raised = movement.verdict === "event";
        const body = (
          <>
            <span class="sign" aria-hidden="true">
              {raised ? "▼" : "○"}
            </span>
            <time dateTime={new Date(atMs).toISOString()}>{timeOf(atMs)}</time>
            <span class="what">
              <span class="unseen">{raised ? "Event: " : "Withheld: "}</span>
              {titleOf(movement)}
            </span>
            <span class="soft">
              face {movement.face}
              {movement.context.length > 0 && `, ${movement.context.map(words).join(", ")}`}
            </span>
          </>
        );
        return (
          <li key={`${atMs} ${movement.face}`} class={raised ? "raised" : "withheld"}>
            {raised && movement.id ? <a href={`#/review/${movement.id}`}>{body}</a> : body}
          </li>
        );
      })}
    </ol>
  );
}

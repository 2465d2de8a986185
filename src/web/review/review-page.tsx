import { useEffect } from "preact/hooks";
import type { Me } from "../api.js";
import { useStored } from "../stored.js";
import { AgreementView } from "./agreement-view.js";
import { MovementView } from "./movement-view.js";
import { Queue } from "./queue.js";
import { ReviewTools } from "./review-tools.js";
import { useSource } from "./source.js";
import { useKeys } from "./use-keys.js";
import { type Kind, useQueue } from "./use-queue.js";
import { useReview } from "./use-review.js";

interface ReviewPageProps {
  readonly me: Me;
  /** The movement that is shown; the first one where it is missing. */
  readonly id: string | undefined;
  /** The session whose movements are asked for; the last choice where it is missing. */
  readonly within: string | undefined;
}

/** Movement by movement, with the keyboard alone where one likes. */
export function ReviewPage({ me, id, within }: ReviewPageProps) {
  const [said, setSaid] = useStored("reviewer", "local");
  const [kind, setKind] = useStored("review-kind", "raised");
  const { sessions } = useSource();
  const [stored, setSession] = useStored("review-session", "");
  const session = sessions ? stored : "";
  useEffect(() => {
    if (within !== undefined) setSession(within);
  }, [within]);
  const reviewer = me.login ? (me.visitor?.name ?? "") : said;
  const filter = { session, kind: kind as Kind, reviewer };
  const queue = useQueue(filter);
  const chosen = id ?? queue.movements[0]?.id;
  const mayLabel = me.visitor?.role !== "view";
  const { movement, marks, setMarks, message, decide, undo, step } = useReview({
    queue,
    chosen,
    reviewer,
    names: !me.login,
    mayLabel,
  });
  useKeys({ decide, undo, step });

  const labelled = queue.movements.filter(({ decision }) => decision !== null).length;
  return (
    <>
      <h1>
        Review{" "}
        <small>
          {labelled} of {queue.movements.length} labelled
        </small>
      </h1>
      <ReviewTools
        filter={filter}
        onKind={setKind}
        onSession={setSession}
        onReviewer={me.login ? undefined : setSaid}
        onUndo={() => void undo()}
      />
      <p role="status" class="message">
        {message || queue.problem}
      </p>
      {queue.loaded && queue.movements.length === 0 && <p>Nothing has been noticed yet.</p>}
      <div class="review-columns">
        <Queue movements={queue.movements} chosen={chosen} onEnd={queue.more} />
        {movement && marks && (
          <MovementView
            key={movement.id}
            movement={movement}
            mayLabel={mayLabel}
            marks={marks}
            onMarks={setMarks}
            onDecide={(decision, note) => void decide(decision, note)}
          />
        )}
      </div>
      {mayLabel && <AgreementView session={session} />}
    </>
  );
}

import type { Deletion, Review } from "../contract/index.js";
import { reasonOf } from "../lib/errors.js";
import type { Logger } from "../lib/logger.js";
import { Serial } from "../lib/serial.js";
import type { Outbox } from "../outbox/index.js";
import type { Sender } from "../sessions/index.js";
import type { History } from "./history.js";

/** One at a time for each history: two would send the same. */
const turns = new WeakMap<History, Serial>();

function inTurn(history: History, work: () => Promise<number>): Promise<number> {
  const turn = turns.get(history) ?? new Serial();
  turns.set(history, turn);
  return turn.run(work);
}

/**
 * Gives the outbox every label that it has not, and marks it as sent; returns how many. A label is safe in the history
 * before: what a crash leaves unmarked is sent again, under the same id.
 */
export function publishReviews(history: History, outbox: Pick<Outbox, "append">, sender: Sender): Promise<number> {
  return inTurn(history, async () => {
    const labels = history.unsent();
    for (const { id, ...said } of labels) {
      const kept = history.movement(said.movement);
      // Deleted since; so is the label.
      if (kept === undefined) continue;
      const of = { event: kept.event?.id ?? null, session: kept.session };
      await outbox.append((sequence): Review => {
        return { schema: "flinch/review/1", id, ...sender, sequence, ...of, ...said };
      });
      history.markSent(id);
    }
    return labels.length;
  });
}

/** The same with deletions. */
export function publishDeletions(history: History, outbox: Pick<Outbox, "append">, sender: Sender): Promise<number> {
  return inTurn(history, async () => {
    const deletions = history.unsentDeletions();
    for (const { id, by, ...deletion } of deletions) {
      await outbox.append((sequence): Deletion => {
        const asked = deletion.reason === "request" ? by : null;
        return { schema: "flinch/deletion/1", id, ...sender, sequence, by: asked, ...deletion };
      });
      history.markDeletionSent(id);
    }
    return deletions.length;
  });
}

/**
 * Publishes labels and deletions: those that an earlier start left, and from now on each as it is stored. A failure is
 * logged, and made up for at the next change or start.
 * @returns how to stop that
 */
export function publishChanges(
  history: History,
  outbox: Pick<Outbox, "append">,
  sender: Sender,
  log: Pick<Logger, "error">,
): () => void {
  let [wanted, stopped] = [false, false];
  const publish = async () => {
    wanted = false;
    if (stopped) return;
    await publishDeletions(history, outbox, sender);
    await publishReviews(history, outbox, sender);
  };
  const soon = () => {
    // Many changes come at once; one look finds all of them.
    if (wanted) return;
    wanted = true;
    queueMicrotask(() => {
      publish().catch((thrown: unknown) => log.error({ reason: reasonOf(thrown) }, "history: labels wait to be sent"));
    });
  };
  const stop = history.onChange(soon);
  soon();
  return () => {
    stopped = true;
    stop();
  };
}

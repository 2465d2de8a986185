import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import type { Decision, Label } from "../../history/index.js";
import type { LabelBody, ReviewedMovement } from "../api.js";
import { go } from "../route.js";
import type { Marks } from "./marked-signal.js";
import { foundMarks } from "./movement-view.js";
import { useSource } from "./source.js";
import { useMovements } from "./use-movements.js";
import type { useQueue } from "./use-queue.js";

/** A label that may be taken back: what stood there before. */
interface Done {
  readonly movement: string;
  readonly before: Label | undefined;
}

interface Reviewing {
  readonly queue: ReturnType<typeof useQueue>;
  /** The movement that is to be shown. */
  readonly chosen: string | undefined;
  readonly reviewer: string;
  /** Whether labels name their reviewer: where people log in, the console knows. */
  readonly names: boolean;
  readonly mayLabel: boolean;
}

/** The marks that a label has. */
const marksOf = ({ onsetMs, apexMs, offsetMs }: Label): Partial<Marks> => ({
  ...(onsetMs !== null && { onsetMs }),
  ...(apexMs !== null && { apexMs }),
  ...(offsetMs !== null && { offsetMs }),
});

/** The movement in hand, and what a reviewer does with it. */
export function useReview({ queue, chosen, reviewer, names, mayLabel }: Reviewing) {
  const { api } = useSource();
  const { movements, more, decided } = queue;
  const [movement, setMovement] = useState<ReviewedMovement>();
  const [marks, setMarks] = useState<Marks>();
  const [message, setMessage] = useState("");
  const done = useRef<Done[]>([]);
  const load = useMovements(reviewer);

  useEffect(() => {
    if (chosen === undefined) return;
    let over = false;
    load(chosen).then(
      (found) => {
        if (over) return;
        setMovement(found);
        setMarks(foundMarks(found));
      },
      (thrown: Error) => setMessage(thrown.message),
    );
    return () => {
      over = true;
    };
  }, [chosen, load]);

  // The next one is there when it is asked for.
  useEffect(() => {
    const next = movements[movements.findIndex(({ id }) => id === chosen) + 1];
    if (next !== undefined) load(next.id).catch(() => undefined);
  }, [chosen, movements, load]);

  const step = useCallback(
    (by: number) => {
      const at = movements.findIndex(({ id }) => id === chosen);
      const next = movements[Math.max(0, at + by)];
      if (next !== undefined && next.id !== chosen) go("review", next.id);
      if (at + by >= movements.length - 5) more();
    },
    [movements, more, chosen],
  );

  const send = useCallback(
    async (of: ReviewedMovement, decision: Label["decision"], wish: Partial<LabelBody>) => {
      try {
        const label = await api.label({ movement: of.id, decision, ...(names && { reviewer }), ...wish });
        decided(of.id, decision === "withdrawn" ? null : decision);
        load.forget(of.id);
        setMovement((shown) => (shown?.id === of.id ? { ...shown, labels: [...shown.labels, label] } : shown));
        return true;
      } catch (thrown) {
        setMessage(`Not saved: ${(thrown as Error).message}`);
        return false;
      }
    },
    [api, names, reviewer, decided, load],
  );

  const decide = useCallback(
    async (decision: Decision, note: string) => {
      if (chosen === undefined || !mayLabel) return;
      // Somebody quick decides on the next one before it is drawn.
      const drawn = movement?.id === chosen;
      const of = drawn ? movement : await load(chosen);
      const before = of.labels.at(-1);
      const placed = drawn && marks ? marks : foundMarks(of);
      if (!(await send(of, decision, { ...placed, note: drawn ? note : (before?.note ?? "") }))) return;
      done.current.push({ movement: of.id, before });
      setMessage(`Saved: ${decision.replace("_", " ")}.`);
      step(1);
    },
    [chosen, movement, marks, mayLabel, send, step, load],
  );

  const undo = useCallback(async () => {
    const last = done.current.pop();
    if (last === undefined) return setMessage("There is nothing to undo.");
    const of = await load(last.movement);
    const { before } = last;
    const wish = before ? { ...marksOf(before), note: before.note } : {};
    if (await send(of, before?.decision ?? "withdrawn", wish)) {
      setMessage("Undone.");
      go("review", last.movement);
    }
  }, [load, send]);

  return { movement, marks, setMarks, message, decide, undo, step };
}

import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import type { Decision, Label, SessionRecord } from "../../../history/index.js";
import { api, type Me, type ReviewedMovement } from "../api.js";
import { go } from "../route.js";
import { useStored } from "../stored.js";
import { dayOf, timeOf } from "../words.js";
import { AgreementView } from "./agreement-view.js";
import type { Marks } from "./marked-signal.js";
import { DECISIONS, foundMarks, MovementView } from "./movement-view.js";
import { Queue } from "./queue.js";
import { useMovements } from "./use-movements.js";
import { type Kind, useQueue } from "./use-queue.js";

/** A label that may be taken back: what stood there before. */
interface Done {
  readonly movement: string;
  readonly before: Label | undefined;
}

/** The marks that a label has. */
const marksOf = ({ onsetMs, apexMs, offsetMs }: Label): Partial<Marks> => ({
  ...(onsetMs !== null && { onsetMs }),
  ...(apexMs !== null && { apexMs }),
  ...(offsetMs !== null && { offsetMs }),
});

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
  const reviewer = me.login ? (me.visitor?.name ?? "") : said || "local";
  const [kind, setKind] = useStored("review-kind", "raised");
  const [session, setSession] = useStored("review-session", "");
  useEffect(() => {
    if (within !== undefined) setSession(within);
  }, [within]);
  const [sessions, setSessions] = useState<readonly SessionRecord[]>([]);
  useEffect(() => {
    api.sessions().then(
      (found) => setSessions(found.sessions.filter(({ deletion }) => deletion === null)),
      () => setSessions([]),
    );
  }, []);
  const queue = useQueue({ session, kind: kind as Kind, reviewer });
  const [movement, setMovement] = useState<ReviewedMovement>();
  const [marks, setMarks] = useState<Marks>();
  const [message, setMessage] = useState("");
  const done = useRef<Done[]>([]);
  const mayLabel = me.visitor?.role !== "view";
  const chosen = id ?? queue.movements[0]?.id;

  const load = useMovements(reviewer);
  useEffect(() => {
    if (chosen === undefined) return;
    let over = false;
    load(chosen).then(
      (found) => {
        if (over) return;
        setMovement(found);
        setMarks(foundMarks(found));
        // The next one is there when it is asked for.
        const at = queue.movements.findIndex((each) => each.id === chosen);
        const next = queue.movements[at + 1];
        if (next !== undefined) load(next.id).catch(() => undefined);
      },
      (thrown: Error) => setMessage(thrown.message),
    );
    return () => {
      over = true;
    };
  }, [chosen, load, queue.movements]);

  const step = useCallback(
    (by: number) => {
      const at = queue.movements.findIndex((each) => each.id === chosen);
      const next = queue.movements[Math.max(0, at + by)];
      if (next !== undefined && next.id !== chosen) go("review", next.id);
      if (at + by >= queue.movements.length - 5) queue.more();
    },
    [queue.movements, queue.more, chosen],
  );

  const send = useCallback(
    async (of: ReviewedMovement, decision: Label["decision"], wish: object) => {
      try {
        const label = await api.label({ movement: of.id, decision, ...(!me.login && { reviewer }), ...wish });
        queue.decided(of.id, decision === "withdrawn" ? null : decision);
        load.forget(of.id);
        setMovement((shown) => (shown?.id === of.id ? { ...shown, labels: [...shown.labels, label] } : shown));
        return true;
      } catch (thrown) {
        setMessage(`Not saved: ${(thrown as Error).message}`);
        return false;
      }
    },
    [me.login, reviewer, queue.decided, load],
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

  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      const { target } = event;
      if (target instanceof HTMLElement && target.matches("input, textarea, select")) {
        if (event.key === "Escape") target.blur();
        return;
      }
      const note = (document.getElementById("note") as HTMLTextAreaElement | null)?.value ?? "";
      const decision = DECISIONS.find(([, , key]) => key === event.key.toUpperCase())?.[0];
      if (decision) void decide(decision, note);
      else if (event.key === "j" || event.key === "ArrowRight") step(1);
      else if (event.key === "k" || event.key === "ArrowLeft") step(-1);
      else if (event.key === "z") void undo();
      else if (event.key === "n") document.getElementById("note")?.focus();
      else return;
      event.preventDefault();
    };
    addEventListener("keydown", press);
    return () => removeEventListener("keydown", press);
  }, [decide, step, undo]);

  const labelled = queue.movements.filter(({ decision }) => decision !== null).length;
  return (
    <>
      <h1>
        Review{" "}
        <small>
          {labelled} of {queue.movements.length} labelled
        </small>
      </h1>
      <div class="review-tools">
        <label>
          Show{" "}
          <select value={kind} onChange={({ currentTarget }) => setKind(currentTarget.value)}>
            <option value="raised">events</option>
            <option value="withheld">withheld</option>
            <option value="all">both</option>
          </select>
        </label>
        <label>
          Session{" "}
          <select value={session} onChange={({ currentTarget }) => setSession(currentTarget.value)}>
            <option value="">all</option>
            <option value="none">outside of sessions</option>
            {sessions.map(({ session: { id, startedAt, subject } }) => (
              <option key={id} value={id}>
                {dayOf(Date.parse(startedAt))}, {timeOf(Date.parse(startedAt))}, {subject}
              </option>
            ))}
          </select>
        </label>
        {!me.login && (
          <label>
            Reviewer{" "}
            <input
              value={said}
              maxLength={64}
              onChange={({ currentTarget }) => setSaid(currentTarget.value.trim() || "local")}
            />
          </label>
        )}
        <span class="keys">
          <kbd>J</kbd> next <kbd>K</kbd> back <kbd>R</kbd> real <kbd>X</kbd> not real <kbd>U</kbd> unsure <kbd>Z</kbd>{" "}
          undo <kbd>N</kbd> note
        </span>
        <button type="button" onClick={() => void undo()}>
          Undo
        </button>
      </div>
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

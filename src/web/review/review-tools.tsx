import { useEffect, useState } from "preact/hooks";
import type { SessionRecord } from "../../history/index.js";
import { api } from "../api.js";
import { dayOf, timeOf } from "../words.js";
import { useSource } from "./source.js";
import type { QueueFilter } from "./use-queue.js";

interface ReviewToolsProps {
  readonly filter: QueueFilter;
  readonly onKind: (kind: string) => void;
  readonly onSession: (session: string) => void;
  /** Missing where the reviewer is whoever has logged in. */
  readonly onReviewer: ((reviewer: string) => void) | undefined;
  readonly onUndo: () => void;
}

/** What is reviewed, by whom, and with which keys. */
export function ReviewTools({ filter, onKind, onSession, onReviewer, onUndo }: ReviewToolsProps) {
  const { sessions } = useSource();
  return (
    <div class="review-tools">
      <label>
        Show{" "}
        <select value={filter.kind} onChange={({ currentTarget }) => onKind(currentTarget.value)}>
          <option value="raised">events</option>
          <option value="withheld">withheld</option>
          <option value="all">both</option>
        </select>
      </label>
      {sessions && <SessionChoice session={filter.session} onSession={onSession} />}
      {onReviewer && (
        <label>
          Reviewer{" "}
          <input
            value={filter.reviewer}
            maxLength={64}
            onChange={({ currentTarget }) => onReviewer(currentTarget.value.trim() || "local")}
          />
        </label>
      )}
      <span class="keys">
        <kbd>J</kbd> next <kbd>K</kbd> back <kbd>R</kbd> real <kbd>X</kbd> not real <kbd>U</kbd> unsure <kbd>Z</kbd>{" "}
        undo <kbd>N</kbd> note
      </span>
      <button type="button" onClick={onUndo}>
        Undo
      </button>
    </div>
  );
}

function SessionChoice({ session, onSession }: { session: string; onSession: (session: string) => void }) {
  const [sessions, setSessions] = useState<readonly SessionRecord[]>([]);
  useEffect(() => {
    api.sessions().then(
      (found) => setSessions(found.sessions.filter(({ deletion }) => deletion === null)),
      () => setSessions([]),
    );
  }, []);
  return (
    <label>
      Session{" "}
      <select value={session} onChange={({ currentTarget }) => onSession(currentTarget.value)}>
        <option value="">all</option>
        <option value="none">outside of sessions</option>
        {sessions.map(({ session: { id, startedAt, subject } }) => (
          <option key={id} value={id}>
            {dayOf(Date.parse(startedAt))}, {timeOf(Date.parse(startedAt))}, {subject}
          </option>
        ))}
      </select>
    </label>
  );
}

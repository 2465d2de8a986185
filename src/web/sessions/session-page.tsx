import { useCallback, useEffect, useState } from "preact/hooks";
import { api, type ListedMovement, type Me, type SessionDetails } from "../api.js";
import { Confirm } from "../parts/confirm.js";
import { dayOf, lengthOf, percent, plural, timeOf, titleOf, words } from "../words.js";
import { Exports } from "./exports.js";
import { ReviewLink } from "./review-link.js";
import { Gaps, Timeline } from "./timeline.js";

const REFRESH_MS = 5000;
/** So many of a session's events are drawn and listed; the review has them all. */
const MOST = 500;

/** One session: when, who, what was seen, and what may be done with it. */
export function SessionPage({ id, visitor }: { id: string; visitor: NonNullable<Me["visitor"]> }) {
  const [session, setSession] = useState<SessionDetails>();
  const [events, setEvents] = useState<readonly ListedMovement[]>([]);
  const [problem, setProblem] = useState("");
  const [asking, setAsking] = useState(false);
  const load = useCallback(async () => {
    try {
      const [found, { movements }] = await Promise.all([
        api.session(id),
        api.movements({ session: id, raised: true, reviewer: visitor.name, limit: MOST }),
      ]);
      setSession(found);
      setEvents(movements);
      setProblem("");
    } catch (thrown) {
      setProblem((thrown as Error).message);
    }
  }, [id, visitor.name]);
  const open = session?.report === null && session.deletion === null;
  useEffect(() => void load(), [load]);
  useEffect(() => {
    if (!open) return;
    const timer = setInterval(() => void load(), REFRESH_MS);
    return () => clearInterval(timer);
  }, [open, load]);

  if (session === undefined) return problem ? <p role="alert">{problem}</p> : <p role="status">Loading…</p>;
  const { report, deletion } = session;
  const startedMs = Date.parse(session.session.startedAt);
  const title = `Session of ${dayOf(startedMs)}, ${timeOf(startedMs)}`;
  if (deletion)
    return (
      <>
        <h1>{title}</h1>
        <p class="card" role="status">
          Deleted on {dayOf(Date.parse(deletion.at))}, {timeOf(Date.parse(deletion.at))}{" "}
          {deletion.reason === "retention" ? "when its retention period was over" : `by ${deletion.by}`}:{" "}
          {plural(deletion.events, "event")}, {plural(deletion.labels, "label")}, {plural(deletion.clips, "clip")}.
          Nothing of it is left here but this line; subscribers have been told.
        </p>
      </>
    );
  const remove = async () => {
    setAsking(false);
    try {
      await api.deleteSession(id);
      await load();
    } catch (thrown) {
      setProblem((thrown as Error).message);
    }
  };
  return (
    <>
      <h1>
        {title} {open && <small>open</small>}
      </h1>
      <p role="alert" class="problem">
        {problem}
      </p>
      <dl class="facts">
        <Fact name="Subject" text={session.session.subject} />
        <Fact name="Consent" text={session.session.consent} />
        <Fact name="Purpose" text={session.session.purpose} />
        <Fact name="Room" text={session.session.room || "–"} />
        <Fact name="Length" text={report ? lengthOf(report.durationS) : lengthOf((Date.now() - startedMs) / 1000)} />
        <Fact name="Events" text={`${session.events}, ${session.labelled} labelled`} />
        {report && <Fact name="Coverage" text={percent(report.coverage)} />}
        {report && <Fact name="Frames" text={`${report.frames.captured}, ${report.frames.dropped} dropped`} />}
        {report && report.interruptions > 0 && <Fact name="Restarts" text={String(report.interruptions)} />}
      </dl>
      <Timeline
        fromMs={startedMs}
        toMs={report ? Date.parse(report.endedAt) : Date.now()}
        coverage={session.coverage}
        movements={events}
      />
      <h2>Not judged</h2>
      <Gaps coverage={session.coverage} />
      {visitor.role !== "view" && <Note key={id} id={id} note={session.note} onProblem={setProblem} />}
      <p>
        <ReviewLink session={id} />
      </p>
      <Exports id={id} />
      <h2>Events</h2>
      <ol class="happenings">
        {events.map(({ id, atMs, movement, decision }) => (
          <li key={id} class="raised">
            <a href={`#/review/${id}`}>
              <span class="sign" aria-hidden="true">
                ▼
              </span>
              <time>{timeOf(atMs)}</time>
              <span class="what">{titleOf(movement)}</span>
              <span class="soft">{decision === null ? "no label" : words(decision)}</span>
            </a>
          </li>
        ))}
      </ol>
      {events.length === 0 && <p class="soft">None.</p>}
      {visitor.role === "operate" && report && (
        <p>
          <button type="button" class="danger" onClick={() => setAsking(true)}>
            Delete this session…
          </button>
        </p>
      )}
      {asking && (
        <Confirm
          title="Delete this session?"
          text={`${plural(session.events, "event")}, its signals, labels and clips are deleted from this device for good, and subscribers are told. What they have stored is theirs to delete.`}
          yes="Delete it"
          onYes={() => void remove()}
          onNo={() => setAsking(false)}
        />
      )}
    </>
  );
}

function Fact({ name, text }: { name: string; text: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{text}</dd>
    </div>
  );
}

function Note({ id, note, onProblem }: { id: string; note: string; onProblem: (problem: string) => void }) {
  const [text, setText] = useState(note);
  const [saved, setSaved] = useState(true);
  const save = async () => {
    try {
      await api.note(id, text);
      setSaved(true);
    } catch (thrown) {
      onProblem(`The note is not saved: ${(thrown as Error).message}`);
    }
  };
  return (
    <div class="note">
      <label>
        Note
        <textarea
          rows={3}
          maxLength={2000}
          value={text}
          onInput={({ currentTarget }) => {
            setText(currentTarget.value);
            setSaved(false);
          }}
          onBlur={() => void save()}
        />
      </label>
      <span role="status" class="soft">
        {saved ? "" : "not saved yet"}
      </span>
      <button type="button" disabled={saved} onClick={() => void save()}>
        Save
      </button>
    </div>
  );
}

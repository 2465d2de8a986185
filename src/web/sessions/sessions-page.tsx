import { useEffect, useState } from "preact/hooks";
import type { SessionRecord } from "../../history/index.js";
import { api } from "../api.js";
import { Scroll } from "../parts/scroll.js";
import { dayOf, lengthOf, percent, plural, timeOf } from "../words.js";

const PAGE = 50;

/** Every session that the device remembers, newest first. */
export function SessionsPage() {
  const [sessions, setSessions] = useState<readonly SessionRecord[]>();
  const [more, setMore] = useState(false);
  const [problem, setProblem] = useState("");
  const load = async (known: readonly SessionRecord[]) => {
    try {
      const last = known.at(-1);
      const before = last && Date.parse(last.session.startedAt);
      const found = (await api.sessions({ limit: PAGE, ...(before !== undefined && { before }) })).sessions;
      setSessions([...known, ...found]);
      setMore(found.length === PAGE);
    } catch (thrown) {
      setProblem((thrown as Error).message);
    }
  };
  useEffect(() => void load([]), []);
  if (problem) return <p role="alert">{problem}</p>;
  if (sessions === undefined) return <p role="status">Loading…</p>;
  return (
    <>
      <h1>Sessions</h1>
      {sessions.length === 0 && (
        <p>
          None yet. One begins on the <a href="#/live">live page</a>, or over MQTT.
        </p>
      )}
      {sessions.length > 0 && (
        <Scroll label="Sessions">
          <table class="sessions">
            <thead>
              <tr>
                <th scope="col">Begun</th>
                <th scope="col">Length</th>
                <th scope="col">Subject</th>
                <th scope="col">Room</th>
                <th scope="col">Events</th>
                <th scope="col">Labelled</th>
                <th scope="col">Coverage</th>
              </tr>
            </thead>
            <tbody>
              {sessions.map((record) => (
                <SessionRow key={record.session.id} record={record} />
              ))}
            </tbody>
          </table>
        </Scroll>
      )}
      <p>
        <a href="#/sessions/none">Outside of sessions</a>
      </p>
      {more && (
        <button type="button" onClick={() => void load(sessions)}>
          Earlier sessions
        </button>
      )}
    </>
  );
}

function SessionRow({ record: { session, report, events, labelled, deletion } }: { record: SessionRecord }) {
  const startedMs = Date.parse(session.startedAt);
  return (
    <tr>
      <th scope="row">
        <a href={`#/sessions/${session.id}`}>
          {dayOf(startedMs)}, {timeOf(startedMs)}
        </a>
      </th>
      <td>{report ? lengthOf(report.durationS) : <strong>open</strong>}</td>
      <td>{deletion ? <em>deleted</em> : session.subject}</td>
      <td>{session.room}</td>
      <td class="number">{deletion ? `${plural(deletion.events, "event")} deleted` : events}</td>
      <td class="number">{deletion ? "" : labelled}</td>
      <td class="number">{report && !deletion ? percent(report.coverage) : ""}</td>
    </tr>
  );
}

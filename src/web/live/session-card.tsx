import { useState } from "preact/hooks";
import type { State } from "../../contract/index.js";
import { api, type Me } from "../api.js";
import { timeOf } from "../words.js";

interface SessionCardProps {
  readonly state: State;
  readonly visitor: NonNullable<Me["visitor"]>;
  readonly purpose: string;
}

/** The session that is open, with its end; or the form that begins one. */
export function SessionCard({ state, visitor, purpose }: SessionCardProps) {
  const [problem, setProblem] = useState("");
  const [busy, setBusy] = useState(false);
  const operates = visitor.role === "operate";
  const attempt = async (work: () => Promise<unknown>) => {
    setBusy(true);
    setProblem(
      await work().then(
        () => "",
        (thrown: Error) => thrown.message,
      ),
    );
    setBusy(false);
  };
  const begin = (event: SubmitEvent) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget as HTMLFormElement);
    const wish = Object.fromEntries([...form].filter(([, value]) => value !== ""));
    void attempt(() => api.startSession(wish));
  };
  const { session } = state;
  return (
    <section class="card" aria-labelledby="session-title">
      <h2 id="session-title">Session</h2>
      {session ? (
        <>
          <p>
            <strong>Open</strong> since {timeOf(Date.parse(session.startedAt))}, with consent on record.{" "}
            <a href={`#/sessions/${session.id}`}>What it holds so far</a>
          </p>
          {operates && (
            <button type="button" disabled={busy} onClick={() => void attempt(api.stopSession)}>
              End the session
            </button>
          )}
        </>
      ) : (
        <p>
          None is open{state.pauses.some((pause) => pause.startsWith("no_session")) && "; the camera waits for one"}.
        </p>
      )}
      {!session && operates && (
        <form onSubmit={begin} class="session-form">
          <label>
            Subject <small>a pseudonym, never a name</small>
            <input name="subject" required pattern="[A-Za-z0-9][A-Za-z0-9._\-]{0,63}" autocomplete="off" />
          </label>
          <label>
            Consent <small>number or place of the signed form</small>
            <input name="consent" required pattern="[A-Za-z0-9][A-Za-z0-9._\/:\-]{0,127}" autocomplete="off" />
          </label>
          <label>
            Purpose <small>if another than “{purpose}”</small>
            <input name="purpose" maxLength={256} autocomplete="off" />
          </label>
          <button type="submit" class="primary" disabled={busy}>
            Begin a session
          </button>
        </form>
      )}
      <p role="alert" class="problem">
        {problem}
      </p>
    </section>
  );
}

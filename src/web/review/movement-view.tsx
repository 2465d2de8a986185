import { useEffect, useState } from "preact/hooks";
import type { Decision } from "../../history/index.js";
import type { ReviewedMovement } from "../api.js";
import { GroupKeys } from "../parts/group-keys.js";
import { titleOf, withheld, words } from "../words.js";
import { MARKS, MarkedSignal, type Marks } from "./marked-signal.js";
import { useSource } from "./source.js";
import { StatementView } from "./statement-view.js";

export const DECISIONS: readonly (readonly [decision: Decision, word: string, key: string])[] = [
  ["real", "Real", "R"],
  ["not_real", "Not real", "X"],
  ["unsure", "Unsure", "U"],
];

interface MovementViewProps {
  readonly movement: ReviewedMovement;
  readonly mayLabel: boolean;
  readonly marks: Marks;
  readonly onMarks: (marks: Marks) => void;
  readonly onDecide: (decision: Decision, note: string) => void;
}

/** The marks that were found; a movement without shape has its apex alone. */
export function foundMarks({ movement, labels }: ReviewedMovement): Marks {
  const { apexMs, onsetMs = apexMs, offsetMs = apexMs } = movement;
  const last = labels.at(-1);
  return last === undefined || last.decision === "withdrawn"
    ? { onsetMs, apexMs, offsetMs }
    : { onsetMs: last.onsetMs ?? onsetMs, apexMs: last.apexMs ?? apexMs, offsetMs: last.offsetMs ?? offsetMs };
}

/** One movement, with everything that it takes to say whether it was one. */
export function MovementView({ movement, mayLabel, marks, onMarks, onDecide }: MovementViewProps) {
  const { movement: found, event, excerpt, labels, atMs, session } = movement;
  const { timeOf, dayOf } = useSource();
  const own = labels.at(-1);
  const [wide, setWide] = useState(false);
  const [note, setNote] = useState(own?.note ?? "");
  useEffect(() => setNote(own?.note ?? ""), [own]);
  return (
    <article aria-labelledby="movement-title" class="movement">
      <h2 id="movement-title">
        {event ? titleOf(found) : `Withheld: ${withheld(found.verdict)}`}{" "}
        <small>
          {dayOf && `${dayOf(atMs)}, `}
          {timeOf(atMs)}, face {found.face}
          {session && (
            <>
              , <a href={`#/sessions/${session}`}>its session</a>
            </>
          )}
        </small>
      </h2>
      {movement.why && <p>{movement.why}</p>}
      {excerpt ? (
        <>
          <MarkedSignal excerpt={excerpt} marks={marks} onMarks={onMarks} wide={wide} />
          <p class="legend">
            <GroupKeys regions={excerpt.regions} />
          </p>
        </>
      ) : (
        <p class="soft">Its signal is not stored yet, or has been left out.</p>
      )}
      {movement.pictures && (
        <div class="pictures">
          {(["onset", "apex"] as const).map((name) => (
            <figure key={name}>
              <img src={movement.pictures?.[name]} alt={`The face at its ${name}`} />
              <figcaption>{name}</figcaption>
            </figure>
          ))}
        </div>
      )}
      {movement.clip && (
        <video
          key={movement.id}
          class="clip"
          controls
          muted
          loop
          playsInline
          src={`/api/movements/${movement.id}/clip`}
          aria-label="Video of this movement, from half a second before its onset to half a second after its offset"
        />
      )}
      <p class="marks">
        {MARKS.map((name) => (
          <span key={name}>
            {name} <b>{Math.round(marks[`${name}Ms`] - found.apexMs)} ms</b>
          </span>
        ))}
        <span>
          length <b>{Math.round(marks.offsetMs - marks.onsetMs)} ms</b>
        </span>
        <label class="check">
          <input type="checkbox" checked={wide} onChange={({ currentTarget }) => setWide(currentTarget.checked)} /> all
          that is stored
        </label>
      </p>
      {mayLabel && (
        <div class="decide">
          <fieldset>
            <legend>Is it a micro-expression?</legend>
            {DECISIONS.map(([decision, word, key]) => (
              <button
                key={decision}
                type="button"
                class={decision}
                aria-pressed={own?.decision === decision}
                aria-keyshortcuts={key}
                onClick={() => onDecide(decision, note)}
              >
                {word} <kbd>{key}</kbd>
              </button>
            ))}
          </fieldset>
          <label>
            <span>
              Note <kbd>N</kbd>
            </span>
            <textarea
              id="note"
              rows={2}
              maxLength={2000}
              value={note}
              onInput={({ currentTarget }) => setNote(currentTarget.value)}
            />
          </label>
        </div>
      )}
      <StatementView statement={found.statement} />
      <dl class="facts">
        <div>
          <dt>Regions</dt>
          <dd>{found.regions.map(({ name }) => words(name)).join(", ") || "too faint to tell"}</dd>
        </div>
        <div>
          <dt>Meanwhile</dt>
          <dd>{found.context.map(words).join(", ") || "a still face"}</dd>
        </div>
        <div>
          <dt>Score</dt>
          <dd>{found.score.toFixed(2)}</dd>
        </div>
        {event && (
          <div>
            <dt>Model</dt>
            <dd>
              {event.model.name} {event.model.version}
            </dd>
          </div>
        )}
      </dl>
    </article>
  );
}

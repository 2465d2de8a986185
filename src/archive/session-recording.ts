import type { History, KeptMovement, Label } from "../history/index.js";
import { FlinchError } from "../lib/errors.js";
import { inBlocks, pages } from "./blocks.js";
import { excerptSignals } from "./excerpt-signals.js";
import { recordedMovement } from "./recorded-movement.js";
import type { RecordedEvent, RecordedLabel, RecordedMovement, Recording, Zero } from "./recording.js";
import { sessionName } from "./session-name.js";
import { shifted, shiftedMarks, streamZero, wallClock } from "./wall-time.js";

const FIRST = { atMs: 0, id: "" } as const;

/** Of the history, what a recording is made of. */
export type ReadableHistory = Pick<
  History,
  "session" | "coverageOf" | "movements" | "movement" | "excerptOf" | "currentLabels"
>;

export interface SessionOptions {
  /** Whose labels are told; missing for everybody's. */
  readonly reviewer?: string;
  /** The device that the history is of, for the file's name where no event tells it. */
  readonly device?: string;
}

/**
 * What the history has of a session, or, for null, of no session. Times count from the session's start, or from
 * midnight (UTC) of the day of the first movement.
 * @throws FlinchError HISTORY_UNKNOWN for a session that is not kept, or deleted; HISTORY_UNWRITABLE
 */
export function readSession(history: ReadableHistory, session: string | null, options: SessionOptions = {}): Recording {
  const record = session === null ? null : recordOf(history, session);
  const select = (raised?: true) =>
    pages<KeptMovement>((last = { ...FIRST } as KeptMovement, limit) =>
      history.movements({ session, after: last, limit, ...(raised && { raised }) }),
    );
  const [first] = history.movements({ session, after: FIRST, limit: 1 });
  const [raised] = history.movements({ session, after: FIRST, raised: true, limit: 1 });
  const zero = zeroOf(record?.session.startedAt, first?.atMs);
  const startMs = Date.parse(zero.at ?? "1970-01-01T00:00:00.000Z");
  const by = (kept: KeptMovement) => streamZero(kept) - startMs;
  const device = raised?.event?.device ?? options.device;
  return {
    name: sessionName({ device, at: zero.at, session }),
    video: null,
    zero,
    session: record && { session: record.session, report: record.report, note: record.note },
    coverage: session === null ? [] : history.coverageOf(session),
    summary: null,
    async *events() {
      for await (const page of select(true)) yield page.flatMap((kept) => eventOf(kept, by(kept)));
    },
    async *movements() {
      for await (const page of select()) yield page.map((kept) => movementOf(kept, by(kept)));
    },
    async *labels() {
      const { reviewer } = options;
      const said = history.currentLabels({
        ...(session !== null && { session }),
        ...(reviewer !== undefined && { reviewer }),
      });
      for await (const block of inBlocks(said))
        yield block.flatMap((label) => {
          const kept = history.movement(label.movement);
          return kept?.session === session ? [labelOf(label, kept, by(kept))] : [];
        });
    },
    signals: excerptSignals(history, select, by),
  };
}

function recordOf(history: ReadableHistory, session: string) {
  const record = history.session(session);
  if (record === undefined) throw new FlinchError("HISTORY_UNKNOWN", `session ${session} is not in the history`);
  const { deletion } = record;
  if (deletion === null) return record;
  throw new FlinchError("HISTORY_UNKNOWN", `session ${session} was deleted at ${deletion.at}: nothing of it is kept`);
}

function zeroOf(startedAt: string | undefined, firstMs: number | undefined): Zero {
  if (startedAt !== undefined) return { what: "session", at: startedAt };
  const day = firstMs === undefined ? null : `${new Date(firstMs).toISOString().slice(0, 10)}T00:00:00.000Z`;
  return { what: "day", at: day };
}

const eventOf = ({ event }: KeptMovement, byMs: number): RecordedEvent[] =>
  event === null ? [] : [shiftedMarks(event, byMs)];

function movementOf(kept: KeptMovement, byMs: number): RecordedMovement {
  const { id, movement } = kept;
  return { ...recordedMovement(shiftedMarks(movement, byMs), wallClock(movement, streamZero(kept))), id };
}

function labelOf(label: Label, kept: KeptMovement, byMs: number): RecordedLabel {
  const { face, apexMs, onsetMs = apexMs, offsetMs = apexMs } = kept.movement;
  return {
    ...shiftedMarks(label, byMs),
    ...wallClock(label, streamZero(kept)),
    face,
    seen: { fromMs: shifted(onsetMs, byMs), toMs: shifted(offsetMs, byMs) },
  };
}

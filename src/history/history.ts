import { randomUUID } from "node:crypto";
import type { DeletionReason, Session, SessionReport } from "../contract/index.js";
import { FlinchError } from "../lib/errors.js";
import type { Logger } from "../lib/logger.js";
import { flinchVersion } from "../lib/package-version.js";
import type { Sql } from "../lib/sql.js";
import * as coverage from "./coverage.js";
import * as deletions from "./deletions.js";
import { discardUnlabelled } from "./evict.js";
import { packExcerpt } from "./excerpt-code.js";
import { expireRows, moveTimes } from "./expire.js";
import { HistoryStore } from "./history-store.js";
import { KeptClock } from "./kept-clock.js";
import { checkNote, checkWish } from "./label-wish.js";
import * as labels from "./labels.js";
import * as movements from "./movements.js";
import * as sessions from "./sessions.js";
import type {
  CoverageSpan,
  DeletionRecord,
  Excerpt,
  Expired,
  HistoryStats,
  KeptMovement,
  Label,
  LabelWish,
  MovementQuery,
  SessionRecord,
  UnsentDeletion,
} from "./types.js";

const DAY_MS = 24 * 3600 * 1000;

export interface HistoryOptions {
  /** The outbox's: the database is `history.db` in it. */
  readonly directory: string;
  readonly log: Logger;
  /** Most bytes that the database takes; then the oldest movements go, labelled ones last. */
  readonly maxBytes: number;
  /** Wall clock, milliseconds since the Unix epoch. */
  readonly now?: () => number;
  /** Milliseconds on a clock that no one sets. */
  readonly uptime?: () => number;
}

/**
 * What the daemon saw, kept for review. What a method has returned from survives a power cut. Methods that store throw
 * FlinchError HISTORY_UNWRITABLE where the disk refuses, and have stored nothing then.
 */
export class History {
  private readonly listeners = new Set<() => void>();
  private readonly deletionListeners = new Set<() => void>();
  /** The clock has jumped ahead, and nobody has had a day to set it right. */
  private ahead = false;
  private readonly version = flinchVersion();
  private readonly clock: KeptClock;
  private readonly now: () => number;

  private constructor(
    private readonly store: HistoryStore,
    private readonly log: Logger,
    { now = Date.now, uptime = () => performance.now() }: HistoryOptions,
  ) {
    this.now = now;
    this.clock = new KeptClock(now, uptime);
  }

  /**
   * Opens the history, with what earlier starts left in it.
   * @throws FlinchError HISTORY_UNWRITABLE where the directory cannot be made, read or written, or another process has
   *   it open
   */
  static open(options: HistoryOptions): History {
    return new History(new HistoryStore(options), options.log, options);
  }

  /** Remembers a session from its beginning; one that is known stays as it is. */
  beginSession(session: Session): void {
    this.store.write((sql) => sessions.insertSession(sql, session, this.clock.nowMs));
    this.changed();
  }

  /** Remembers what a session came to. */
  endSession(report: SessionReport): void {
    const { session: id, room, subject, consent, purpose, startedAt } = report;
    this.store.write((sql) => {
      // Its beginning may have met a disk that was full.
      sessions.insertSession(sql, { id, room, subject, consent, purpose, startedAt }, this.clock.nowMs);
      sessions.setReport(sql, report);
    });
    this.changed();
  }

  /** @throws FlinchError HISTORY_UNKNOWN for a session that is not kept, LABEL_INVALID for a note of over 2000 characters */
  noteSession(id: string, note: string): void {
    checkNote(note);
    if (!this.store.write((sql) => sessions.setNote(sql, id, note))) throw unknown("session", id);
    this.changed();
  }

  /** Newest first, deleted ones among them; `before` is when the last one of the page before began (ms). */
  sessions({ before, limit }: { readonly before?: number; readonly limit: number }): SessionRecord[] {
    return this.store.read(({ sql }) => sessions.selectSessions(sql, before, limit));
  }

  session(id: string): SessionRecord | undefined {
    return this.store.read(({ sql }) => sessions.selectSession(sql, id));
  }

  addCoverage(session: string | null, span: CoverageSpan): void {
    this.store.write((sql) => coverage.insertCoverage(sql, session, span, this.clock.nowMs));
  }

  /** In order of time. */
  coverageOf(session: string): CoverageSpan[] {
    return this.store.read(({ sql }) => coverage.selectCoverage(sql, session));
  }

  /**
   * Keeps a movement, unless its session has been deleted. One that is known, because a recording was read again, stays
   * as it is, and gets the session or the event that it lacks.
   */
  add(movement: KeptMovement): void {
    if (this.bounded((sql) => movements.insertMovement(sql, movement, this.clock.nowMs))) this.changed();
  }

  /** Keeps the motion around a movement; does nothing for a movement that is not kept, or no longer. */
  setExcerpt(id: string, excerpt: Excerpt): void {
    const packed = packExcerpt(excerpt);
    this.bounded((sql) => movements.insertExcerpt(sql, id, packed));
  }

  /** Gives up a movement that nobody has labelled; false where there is none. */
  discard(id: string): boolean {
    return this.store.write((sql) => discardUnlabelled(sql, id));
  }

  movement(id: string): KeptMovement | undefined {
    return this.store.read(({ sql }) => movements.selectMovement(sql, id));
  }

  /** Those of these movements that are kept. */
  kept(ids: readonly string[]): Set<string> {
    return this.store.read(({ sql }) => movements.selectKept(sql, ids));
  }

  /**
   * Those of these movements that have been kept for more days than this. Like `expire`, which is to be called before,
   * it trusts no clock that was never set or has just jumped ahead.
   */
  keptLonger(ids: readonly string[], days: number): Set<string> {
    if (this.ahead || !this.clock.isSet) return new Set();
    const { nowMs, bounds } = this.clock;
    return this.store.read(({ sql }) => movements.selectStored(sql, ids, bounds.fromMs, nowMs - days * DAY_MS));
  }

  excerptOf(id: string): Excerpt | undefined {
    return this.store.read(({ sql }) => movements.selectExcerpt(sql, id));
  }

  /** Newest first; oldest first where the query says after which one. */
  movements(query: MovementQuery): KeptMovement[] {
    return this.store.read(({ sql }) => movements.selectMovements(sql, query));
  }

  /**
   * Stores a new version of what a reviewer says of a movement.
   * @throws FlinchError HISTORY_UNKNOWN for a movement that is not kept, LABEL_INVALID for what cannot be said
   */
  label(wish: LabelWish): Label {
    checkWish(wish);
    const { movement, reviewer, decision, onsetMs = null, apexMs = null, offsetMs = null, note = "" } = wish;
    const stored = this.store.write((sql) => {
      const kept = movements.selectMovement(sql, movement);
      if (kept === undefined) throw unknown("movement", movement);
      const last = labels.selectLabelsOf(sql, movement).findLast((label) => label.reviewer === reviewer);
      if (decision === "withdrawn" && (last?.decision ?? "withdrawn") === "withdrawn") {
        const what = `reviewer ${reviewer} says nothing of movement ${movement} that could be withdrawn`;
        throw new FlinchError("LABEL_INVALID", what);
      }
      const label: Label = {
        id: randomUUID(),
        ...{ movement, reviewer, decision, onsetMs, apexMs, offsetMs, note },
        at: new Date(this.now()).toISOString(),
        version: (last?.version ?? 0) + 1,
        flinch: this.version,
        model: kept.event?.model ?? null,
      };
      labels.insertLabel(sql, label);
      return label;
    });
    this.changed();
    return stored;
  }

  /** Every version of every reviewer, oldest first. */
  labelsOf(movement: string): Label[] {
    return this.store.read(({ sql }) => labels.selectLabelsOf(sql, movement));
  }

  /** What each reviewer says of each movement now; what is withdrawn is left out. */
  currentLabels(query: { readonly session?: string; readonly reviewer?: string } = {}): Label[] {
    return this.store.read(({ sql }) => labels.selectCurrentLabels(sql, query));
  }

  /** Labels that the outbox has not yet been given, oldest first. */
  unsent(): Label[] {
    return this.store.read(({ sql }) => labels.selectUnsent(sql));
  }

  /** The outbox has this label. */
  markSent(id: string): void {
    this.store.write((sql) => labels.markLabelSent(sql, id));
  }

  /** The same for deletions. */
  unsentDeletions(): UnsentDeletion[] {
    return this.store.read(({ sql }) => deletions.selectUnsentDeletions(sql));
  }

  markDeletionSent(id: string): void {
    this.store.write((sql) => deletions.markDeletionSent(sql, id));
  }

  /**
   * Deletes what is kept of a session: movements, excerpts, labels, coverage, note, subject and consent. That it was
   * deleted stays known. On request, corrupt databases that were set aside go as well: they may hold some of it.
   * A session that is deleted already stays as it is.
   * @param by who asked for it
   * @throws FlinchError HISTORY_UNKNOWN
   */
  deleteSession(id: string, by: string, reason: DeletionReason): DeletionRecord {
    const deleted = this.store.write((sql) => {
      const record = sessions.selectSession(sql, id);
      if (record === undefined) throw unknown("session", id);
      if (record.deletion !== null) return record.deletion;
      const at = new Date(this.now()).toISOString();
      const deletion: DeletionRecord = { at, by, reason, ...deletions.deleteSessionRows(sql, id) };
      deletions.insertDeletion(sql, { id: randomUUID(), session: id, ...deletion });
      return deletion;
    });
    this.store.forget();
    this.deleted();
    if (reason === "request") this.store.forgetAside();
    this.changed();
    return deleted;
  }

  /**
   * Deletes what has been kept for more days than this, sessions as a whole; 0 keeps everything. A clock that has
   * jumped since the last time deletes nothing yet.
   */
  expire(days: number): Expired {
    const jump = this.clock.follow();
    if (jump !== undefined) this.store.write((sql) => moveTimes(sql, jump));
    this.ahead = jump !== undefined && jump.byMs > 0;
    if (this.ahead) this.log.warn({ jump }, "history: the clock has jumped ahead; nothing is deleted this time");
    if (days <= 0 || this.ahead || !this.clock.isSet)
      return { sessions: 0, movements: 0, events: 0, labels: 0, clips: 0 };
    const expired = this.store.write((sql) => expireRows(sql, this.clock, days * DAY_MS));
    this.store.forget();
    if (expired.sessions + expired.movements > 0) {
      this.changed();
      this.deleted();
    }
    return expired;
  }

  /** Calls `listener` after a session, movement, label or deletion was stored; returns how to stop that. */
  onChange(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Calls `listener` after movements were deleted, for whatever reason; returns how to stop that. */
  onDelete(listener: () => void): () => void {
    this.deletionListeners.add(listener);
    return () => this.deletionListeners.delete(listener);
  }

  stats(): HistoryStats {
    const { replaced, evicted } = this.store;
    return this.store.read((database) => {
      return {
        bytes: database.usedBytes(),
        movements: database.count("movement"),
        labels: database.count("label"),
        replaced,
        evicted,
      };
    });
  }

  /** May be called twice. */
  close(): void {
    this.store.close();
  }

  /** What was given up for want of room is deleted, too. */
  private bounded<T>(work: (sql: Sql) => T): T {
    const before = this.store.evicted;
    try {
      return this.store.writeBounded(work);
    } finally {
      if (this.store.evicted > before) this.deleted();
    }
  }

  private deleted(): void {
    for (const listener of this.deletionListeners) listener();
  }

  private changed(): void {
    for (const listener of this.listeners) listener();
  }
}

function unknown(what: "session" | "movement", id: string): FlinchError {
  return new FlinchError("HISTORY_UNKNOWN", `${what} ${id} is not in the history; it may have been deleted`);
}

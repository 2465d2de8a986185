import { EventEmitter, once } from "node:events";
import type { OutboundEvent, OutboxStats } from "../contract/index.js";
import { whyDisk } from "../lib/disk.js";
import { FlinchError, reasonOf } from "../lib/errors.js";
import type { DatabaseLogger } from "../lib/kept-database.js";
import { isInUse } from "../lib/sqlite-failure.js";
import { DurableEvents } from "./durable-events.js";
import type { StoredEvent } from "./event-row.js";
import type { Outbox, PendingEvent } from "./outbox.js";

export interface SqliteOutboxOptions {
  readonly directory: string;
  /** Most events that wait, on disk and in memory together. */
  readonly maxEvents: number;
  /** Most bytes that the database takes for them; exceeded by an event at most. */
  readonly maxBytes: number;
  /** Most events that memory holds while the disk refuses them. */
  readonly maxUnwritten?: number;
  /** Milliseconds between looks whether the database is in its place, and attempts to write what the disk refused. */
  readonly retryMs?: number;
  readonly logger: DatabaseLogger;
}

/** Events in one transaction when the disk takes them again. */
const batch = 100;

/**
 * An outbox in an SQLite database of its own directory. The next sequence number is one above the highest of those in
 * the database, kept in the transaction that stores an event, and the high-water mark beside it, which moves before a
 * number can be seen outside. So no number is given twice, whenever the power goes.
 */
export class SqliteOutbox implements Outbox {
  private readonly listeners = new Set<() => void>();
  /** Emits "removed" whenever an event waits no longer. */
  private readonly leaving = new EventEmitter<{ removed: [] }>();
  /** What only memory holds, ascending, and always behind what is on disk. */
  private readonly unwritten = new Map<number, { event: OutboundEvent; stored: StoredEvent }>();
  /** On disk still, because it refused to forget them; they do not wait any more. */
  private readonly gone = new Set<number>();
  private readonly retryTimer: NodeJS.Timeout;
  private closed = false;
  private last: number;
  private appended = 0;
  private evicted = 0;
  private lastError: string | undefined;

  private constructor(
    private readonly options: SqliteOutboxOptions,
    private readonly disk: DurableEvents,
  ) {
    this.last = disk.highest;
    this.retryTimer = setInterval(() => this.writeOut(), options.retryMs ?? 5000).unref();
  }

  /**
   * Opens the outbox, with what earlier starts left in it.
   * @throws FlinchError OUTBOX_UNWRITABLE where the directory cannot be made, read or written, or another process
   *   has it open
   */
  static async open(options: SqliteOutboxOptions): Promise<SqliteOutbox> {
    const { directory, logger } = options;
    try {
      return new SqliteOutbox(options, DurableEvents.open(directory, logger));
    } catch (thrown) {
      const problem = isInUse(thrown)
        ? "is in use by another process; every daemon needs an outbox of its own"
        : `cannot be used (${whyDisk(thrown)}); make it writable for this user, or set another`;
      throw new FlinchError("OUTBOX_UNWRITABLE", `outbox.directory ${directory} ${problem}`, { cause: thrown });
    }
  }

  async append<E extends OutboundEvent>(build: (sequence: number) => E): Promise<E> {
    const event = build(this.last + 1);
    const { sequence } = event;
    this.makeRoom();
    this.last = sequence;
    this.appended += 1;
    const stored = { sequence, storedAtMs: Date.now(), uptimeMs: performance.now(), body: JSON.stringify(event) };
    this.unwritten.set(sequence, { event, stored });
    this.writeOut();
    // Whether it is on disk or in memory, its number is seen outside from here on.
    this.disk.raiseMark(sequence);
    for (const listener of this.listeners) listener();
    return event;
  }

  async *pending(after = 0): AsyncGenerator<PendingEvent> {
    let pending = this.next(after);
    while (pending !== undefined) {
      yield pending;
      pending = this.next(pending.event.sequence);
    }
  }

  async remove(sequence: number): Promise<void> {
    if (!this.unwritten.delete(sequence)) this.forget(sequence);
    this.leaving.emit("removed");
  }

  async expire(ageMs: number): Promise<number> {
    const before = this.evicted;
    for (const [sequence, { stored }] of this.unwritten) {
      if (performance.now() - stored.uptimeMs <= ageMs) break;
      this.unwritten.delete(sequence);
      this.evicted += 1;
    }
    this.evicted += this.disk.expire(ageMs);
    this.disk.compact();
    this.leaving.emit("removed");
    return this.evicted - before;
  }

  onAppend(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  async emptied(signal: AbortSignal): Promise<void> {
    while (this.waiting > 0 && !signal.aborted) {
      await once(this.leaving, "removed", { signal }).catch(() => undefined);
    }
  }

  stats(): OutboxStats {
    const { appended, evicted, lastError } = this;
    return {
      appended,
      evicted,
      lastError,
      corrupt: this.disk.corrupt,
      remade: this.disk.remade,
      pending: this.waiting,
      oldestS: this.oldestS(),
      unwritten: this.unwritten.size,
    };
  }

  async close(): Promise<void> {
    if (this.closed) return;
    this.closed = true;
    clearInterval(this.retryTimer);
    this.writeOut();
    this.disk.close();
  }

  private get waiting(): number {
    // A database that was replaced forgot what is gone as well.
    return Math.max(0, this.disk.count - this.gone.size) + this.unwritten.size;
  }

  /** Asks nothing of a database that is closed, or that cannot be read now. */
  private oldestS(): number | null {
    if (this.closed || this.waiting === 0) return null;
    const [inMemory] = this.unwritten.values();
    const ofMemory = inMemory === undefined ? undefined : performance.now() - inMemory.stored.uptimeMs;
    try {
      const ms = this.disk.oldestAgeMs(this.gone) ?? ofMemory;
      return ms === undefined ? null : Math.round(ms / 100) / 10;
    } catch {
      return null;
    }
  }

  private next(after: number): PendingEvent | undefined {
    let pending = this.disk.next(after);
    while (pending !== undefined && this.gone.has(pending.event.sequence))
      pending = this.disk.next(pending.event.sequence);
    if (pending !== undefined) return pending;
    for (const [sequence, { event, stored }] of this.unwritten)
      if (sequence > after) return { event, body: stored.body };
    return undefined;
  }

  /** Gives the oldest up until there is room for one more. */
  private makeRoom(): void {
    let count = 0;
    try {
      for (; this.waiting >= this.options.maxEvents; count++) {
        const oldest = this.next(0)?.event;
        if (oldest === undefined) break;
        if (!this.unwritten.delete(oldest.sequence)) this.forget(oldest.sequence);
      }
    } catch (thrown) {
      // A disk that cannot be read now must not cost the event that is coming.
      this.refused(reasonOf(thrown));
    }
    this.gaveUp(count, "events");
  }

  private gaveUp(count: number, limit: string): void {
    if (count === 0) return;
    this.evicted += count;
    this.options.logger.warn({ events: count, limit }, "outbox: full; the oldest events are given up");
  }

  private forget(sequence: number): void {
    try {
      this.disk.remove(sequence);
    } catch (thrown) {
      this.gone.add(sequence);
      this.refused(reasonOf(thrown));
    }
  }

  /** Writes what only memory holds, in order, until the disk refuses; then tries again later. */
  private writeOut(): void {
    try {
      this.disk.keepInPlace();
      if (this.lastError !== undefined) this.disk.checkpoint();
      while (this.unwritten.size + this.gone.size > 0) this.writeBatch();
    } catch (thrown) {
      this.refused(reasonOf(thrown));
      return;
    }
    if (this.lastError !== undefined) this.options.logger.warn({}, "outbox: the disk takes events again");
    this.lastError = undefined;
  }

  private writeBatch(): void {
    const insert = [...this.unwritten.values()].slice(0, batch).map(({ stored }) => stored);
    const evicted = this.disk.write({ forget: this.gone, insert, maxBytes: this.options.maxBytes });
    this.gone.clear();
    for (const { sequence } of insert) this.unwritten.delete(sequence);
    this.gaveUp(evicted, "size");
  }

  private refused(reason: string): void {
    const { directory, logger, maxUnwritten = 1000 } = this.options;
    if (reason !== this.lastError) {
      logger.error({ reason }, `outbox: ${directory} does not take events (${reason}); kept in memory until it does`);
    }
    this.lastError = reason;
    const [oldest] = this.unwritten.keys();
    if (this.unwritten.size > maxUnwritten && oldest !== undefined) {
      this.unwritten.delete(oldest);
      this.evicted += 1;
      logger.error({ sequence: oldest }, "outbox: memory is full as well; the oldest unwritten event is lost");
    }
  }
}

import { makeFolder } from "../lib/disk.js";
import { reasonOf } from "../lib/errors.js";
import { type DatabaseLogger, KeptDatabase } from "../lib/kept-database.js";
import { setTextAside } from "../lib/set-aside.js";
import { isCorrupt } from "../lib/sqlite-failure.js";
import type { StoredEvent } from "./event-row.js";
import { importEventFiles } from "./file-import.js";
import { HighWaterMark } from "./high-water-mark.js";
import { keptEvents } from "./kept-events.js";
import type { PendingEvent } from "./outbox.js";
import type { Change, OutboxDatabase } from "./outbox-database.js";
import { eventOf } from "./stored-body.js";

/** A clock before this was never set: a board without a battery wakes in 1970. */
const clockIsSetFromMs = Date.UTC(2024, 0, 1);

/**
 * What the outbox has on disk: the database of events, and the high-water mark, which remembers the numbers that a
 * database gave that is lost.
 */
export class DurableEvents {
  private readonly database: KeptDatabase<OutboxDatabase>;
  private openedAt = 0;
  private mark: HighWaterMark | undefined;
  private setAside = 0;

  private constructor(
    private readonly directory: string,
    private readonly logger: DatabaseLogger,
  ) {
    this.database = new KeptDatabase(directory, keptEvents, logger);
  }

  /** Opens the directory, made where it is missing, and takes over what an earlier version left there. */
  static open(directory: string, logger: DatabaseLogger): DurableEvents {
    const events = new DurableEvents(directory, logger);
    makeFolder(directory, 0o700);
    try {
      // The database first: who has it open owns the directory.
      const found = events.database.use((database) => importEventFiles(directory, database));
      const mark = HighWaterMark.open(directory);
      events.mark = mark;
      events.setAside += found.corrupt;
      if (found.imported > 0)
        logger.warn({ events: found.imported }, "outbox: took over the files of an earlier version");
      if (found.corrupt > 0)
        logger.error({ files: found.corrupt }, "outbox: files held no event; moved to the folder corrupt");
      mark.raise(
        Math.max(
          found.highest,
          events.database.use((database) => database.highest()),
        ),
      );
      events.openedAt = mark.value;
    } catch (thrown) {
      events.close();
      throw thrown;
    }
    return events;
  }

  get count(): number {
    return this.database.count;
  }

  /** Databases, files and rows moved aside since the start. */
  get corrupt(): number {
    return this.setAside + this.database.replaced;
  }

  /** Times that the database was made anew because it had been deleted or replaced. */
  get remade(): number {
    return this.database.remade;
  }

  /** The highest number that may have been seen outside. */
  get highest(): number {
    return this.mark?.value ?? 0;
  }

  /**
   * Makes the database anew where its file was deleted, replaced or moved since it was opened.
   * @throws where that cannot be done now; everything can be read as before
   */
  keepInPlace(): void {
    if (this.database.keepInPlace()) this.mark?.keep();
  }

  /** Does all of a change or nothing; returns how many events had to go for the sake of `maxBytes`. */
  write(change: Change): number {
    return this.database.use((database) => database.write(change));
  }

  /** Makes it known, for every later start, that this number is given. A failure is logged. */
  raiseMark(sequence: number): void {
    try {
      this.mark?.raise(sequence);
    } catch (thrown) {
      this.logger.error({ reason: reasonOf(thrown) }, "outbox: the sequence number cannot be made durable");
    }
  }

  /** The first event behind this number. A row that holds none is moved to the folder `corrupt`. */
  next(after: number): PendingEvent | undefined {
    return this.database.use((database) => {
      for (let row = database.next(after); row !== undefined; row = database.next(row.sequence)) {
        const event = eventOf(row);
        if (event !== undefined) return { event, body: row.body };
        this.removeRow(database, row);
      }
      return undefined;
    });
  }

  /**
   * For how long the oldest event has waited, in milliseconds, measured as `expire` does; those in `gone` do not count.
   * Undefined where none waits, or where nobody knows.
   */
  oldestAgeMs(gone: ReadonlySet<number>): number | undefined {
    return this.database.use((database) => {
      let oldest = database.storedAfter(0);
      while (oldest !== undefined && gone.has(oldest.sequence)) oldest = database.storedAfter(oldest.sequence);
      if (oldest === undefined) return undefined;
      if (oldest.sequence > this.openedAt) return performance.now() - oldest.uptimeMs;
      const known = oldest.storedAtMs >= clockIsSetFromMs && Date.now() >= oldest.storedAtMs;
      return known ? Date.now() - oldest.storedAtMs : undefined;
    });
  }

  /** Removes an event; after a power cut it may be there again. */
  remove(sequence: number): void {
    this.database.use((database) => database.remove(sequence));
  }

  /**
   * Removes what has waited for longer than this; returns how many. The age of what this process stored is measured
   * on a clock that no one sets, so that a jump of the wall clock gives nothing up.
   */
  expire(ageMs: number): number {
    const nowMs = Date.now();
    return this.database.use((database) => {
      // What came while the clock was not set has no known age: it counts from now.
      if (nowMs >= clockIsSetFromMs) database.restamp(clockIsSetFromMs, nowMs);
      const earlierUntil = this.openedAt;
      return database.expire({ earlierUntil, uptimeMs: performance.now() - ageMs, storedAtMs: nowMs - ageMs });
    });
  }

  /** Makes room in the log for another attempt to write. */
  checkpoint(): void {
    this.database.use((database) => database.checkpoint());
  }

  /** Gives the disk back what removed events took. */
  compact(): void {
    this.database.use((database) => database.compact());
  }

  /** May be called twice. */
  close(): void {
    this.database.close();
  }

  private removeRow(database: OutboxDatabase, { sequence, body }: StoredEvent): void {
    try {
      setTextAside(this.directory, `${sequence}.json`, body);
      database.remove(sequence);
    } catch (thrown) {
      if (isCorrupt(thrown)) throw thrown;
      // It stays where it is, and must not keep those behind it from being published.
      this.logger.error({ sequence, reason: reasonOf(thrown) }, "outbox: a row that holds no event cannot be moved");
      return;
    }
    this.setAside += 1;
    this.logger.error({ sequence }, "outbox: a row holds no event; moved to the folder corrupt");
  }
}

import { existsSync, renameSync } from "node:fs";
import { join } from "node:path";
import { makeFolder } from "../disk.js";
import { reasonOf } from "../errors.js";
import type { StoredEvent } from "./event-row.js";
import { importEventFiles } from "./file-import.js";
import { FilePlace } from "./file-place.js";
import { HighWaterMark, syncDirectory } from "./high-water-mark.js";
import type { OutboundEvent } from "./outbound.js";
import { type Change, OutboxDatabase } from "./outbox-database.js";
import { removeDatabase, rescue } from "./rescue.js";
import { setDatabaseAside, setTextAside } from "./set-aside.js";
import { isCorrupt, isInUse } from "./sqlite-failure.js";
import { eventOf } from "./stored-body.js";

export interface DurableLogger {
  error(fields: object, message: string): void;
  warn(fields: object, message: string): void;
}

const file = "outbox.db";

/** A clock before this was never set: a board without a battery wakes in 1970. */
const clockIsSetFromMs = Date.UTC(2024, 0, 1);

/** A database that is being made from one that was deleted; becomes `file` once it is whole. */
const unfinished = "outbox-new.db";

/**
 * What the outbox has on disk: the database of events and the high-water mark. A database that turns out corrupt, at
 * the start or later, is moved aside and replaced by one with what can still be read of it; the mark remembers the
 * numbers that it gave. One that is deleted or replaced while it is open is made anew: what is open has every event.
 */
export class DurableEvents {
  private database: OutboxDatabase | undefined;
  private openedAt = 0;
  private mark: HighWaterMark | undefined;
  private setAside = 0;
  private madeAnew = 0;
  private lastCount = 0;
  private place: FilePlace | undefined;

  private constructor(
    private readonly directory: string,
    private readonly logger: DurableLogger,
  ) {}

  /** Opens the directory, made where it is missing, and takes over what an earlier version left there. */
  static open(directory: string, logger: DurableLogger): DurableEvents {
    const events = new DurableEvents(directory, logger);
    makeFolder(directory, 0o700);
    try {
      // The database first: who has it open owns the directory.
      const found = events.use((database) => importEventFiles(directory, database));
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
          events.use((database) => database.highest()),
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
    return this.database?.count ?? this.lastCount;
  }

  /** Databases, files and rows moved aside since the start. */
  get corrupt(): number {
    return this.setAside;
  }

  /** Times that the database was made anew because it had been deleted or replaced. */
  get remade(): number {
    return this.madeAnew;
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
    if (this.database === undefined || this.place?.holds() !== false) return;
    this.database = this.remake(this.database);
    this.madeAnew += 1;
    this.logger.error(
      { events: this.database.count },
      `outbox: somebody deleted or replaced ${file} in ${this.directory}; made anew with the events that wait`,
    );
  }

  /** Does all of a change or nothing; returns how many events had to go for the sake of `maxBytes`. */
  write(change: Change): number {
    return this.use((database) => database.write(change));
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
  next(after: number): OutboundEvent | undefined {
    return this.use((database) => {
      for (let row = database.next(after); row !== undefined; row = database.next(row.sequence)) {
        const event = eventOf(row);
        if (event !== undefined) return event;
        this.removeRow(database, row);
      }
      return undefined;
    });
  }

  /** Removes an event; after a power cut it may be there again. */
  remove(sequence: number): void {
    this.use((database) => database.remove(sequence));
  }

  /**
   * Removes what has waited for longer than this; returns how many. The age of what this process stored is measured
   * on a clock that no one sets, so that a jump of the wall clock gives nothing up.
   */
  expire(ageMs: number): number {
    const nowMs = Date.now();
    return this.use((database) => {
      // What came while the clock was not set has no known age: it counts from now.
      if (nowMs >= clockIsSetFromMs) database.restamp(clockIsSetFromMs, nowMs);
      const earlierUntil = this.openedAt;
      return database.expire({ earlierUntil, uptimeMs: performance.now() - ageMs, storedAtMs: nowMs - ageMs });
    });
  }

  /** Makes room in the log for another attempt to write. */
  checkpoint(): void {
    this.use((database) => database.checkpoint());
  }

  /** Gives the disk back what removed events took. */
  compact(): void {
    this.use((database) => database.compact());
  }

  /** May be called twice. */
  close(): void {
    this.lastCount = this.count;
    this.database?.close();
    this.database = undefined;
  }

  private use<T>(work: (database: OutboxDatabase) => T): T {
    try {
      this.database ??= this.openDatabase();
      return work(this.database);
    } catch (thrown) {
      if (!isCorrupt(thrown)) throw thrown;
      return work(this.replaceDatabase(thrown));
    }
  }

  private openDatabase(): OutboxDatabase {
    const path = join(this.directory, file);
    const left = join(this.directory, unfinished);
    if (existsSync(left) && !existsSync(path)) renameSync(left, path);
    const database = OutboxDatabase.open(path);
    if (existsSync(left)) {
      database.adopt(rescue(left));
      removeDatabase(left);
    }
    this.place = new FilePlace([path, `${path}-wal`]);
    syncDirectory(this.directory);
    return database;
  }

  private remake(open: OutboxDatabase): OutboxDatabase {
    const path = join(this.directory, file);
    const fresh = join(this.directory, unfinished);
    makeFolder(this.directory, 0o700);
    removeDatabase(fresh);
    const made = OutboxDatabase.open(fresh);
    try {
      made.adopt(open.all());
    } finally {
      made.close();
    }
    if (this.place?.isTaken(path)) setForeignAside(this.directory);
    // First, because it deletes the log that has its name, whosever that is.
    this.close();
    renameSync(fresh, path);
    this.mark?.keep();
    return this.openDatabase();
  }

  private replaceDatabase(cause: unknown): OutboxDatabase {
    this.close();
    this.lastCount = 0;
    const place = setDatabaseAside(this.directory, file);
    this.setAside += 1;
    const database = this.openDatabase();
    this.database = database;
    const rescued = this.rescueInto(database, place);
    const reason = reasonOf(cause);
    this.logger.error(
      { reason, place, rescued },
      `outbox: the database is corrupt (${reason}); moved to ${place}, going on with a new one; events rescued: ${rescued}`,
    );
    return database;
  }

  private rescueInto(database: OutboxDatabase, place: string): number {
    try {
      return database.adopt(rescue(place));
    } catch (thrown) {
      // A disk without room for them must not keep later events from being stored.
      this.logger.error({ reason: reasonOf(thrown) }, "outbox: what can still be read has no room in the new database");
      return 0;
    }
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

/**
 * Moves aside what took the database's place. It is not taken over: it may be another device's, or an older copy.
 * @throws where another process works with it
 */
function setForeignAside(directory: string): void {
  try {
    OutboxDatabase.open(join(directory, file)).close();
  } catch (thrown) {
    if (isInUse(thrown)) throw thrown;
  }
  setDatabaseAside(directory, file);
}

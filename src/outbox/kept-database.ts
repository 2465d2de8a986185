import { existsSync, renameSync } from "node:fs";
import { join } from "node:path";
import { makeFolder } from "../lib/disk.js";
import { reasonOf } from "../lib/errors.js";
import { FilePlace } from "./file-place.js";
import { syncDirectory } from "./high-water-mark.js";
import { OutboxDatabase } from "./outbox-database.js";
import { removeDatabase, rescue } from "./rescue.js";
import { setDatabaseAside } from "./set-aside.js";
import { isCorrupt, isInUse } from "./sqlite-failure.js";

export interface DurableLogger {
  error(fields: object, message: string): void;
  warn(fields: object, message: string): void;
}

const file = "outbox.db";

/** A database that is being made from one that was deleted; becomes `file` once it is whole. */
const unfinished = "outbox-new.db";

/**
 * The database of a directory, whatever becomes of its file. One that turns out corrupt, when it is opened or later, is
 * moved aside and replaced by one with what can still be read of it. One that is deleted or replaced while it is open
 * is made anew: what is open has every event.
 */
export class KeptDatabase {
  private database: OutboxDatabase | undefined;
  private place: FilePlace | undefined;
  private lastCount = 0;
  /** Databases that were corrupt. */
  replaced = 0;
  /** Databases that had been deleted or replaced. */
  remade = 0;

  constructor(
    private readonly directory: string,
    private readonly logger: DurableLogger,
  ) {}

  /** Events in it; where it is closed, when it was. */
  get count(): number {
    return this.database?.count ?? this.lastCount;
  }

  /** Works with the database, opened where it is not yet; once more with a new one where it turns out corrupt. */
  use<T>(work: (database: OutboxDatabase) => T): T {
    try {
      this.database ??= this.open();
      return work(this.database);
    } catch (thrown) {
      if (!isCorrupt(thrown)) throw thrown;
      return work(this.replace(thrown));
    }
  }

  /**
   * Makes the database anew where its file was deleted, replaced or moved since it was opened; true when it did.
   * @throws where that cannot be done now; everything can be read as before
   */
  keepInPlace(): boolean {
    if (this.database === undefined || this.place?.holds() !== false) return false;
    this.database = this.remake(this.database);
    this.remade += 1;
    this.logger.error(
      { events: this.database.count },
      `outbox: somebody deleted or replaced ${file} in ${this.directory}; made anew with the events that wait`,
    );
    return true;
  }

  /** May be called twice. */
  close(): void {
    this.lastCount = this.count;
    this.database?.close();
    this.database = undefined;
  }

  private open(): OutboxDatabase {
    const path = join(this.directory, file);
    const database = OutboxDatabase.open(path);
    if (existsSync(join(this.directory, unfinished))) this.takeOverUnfinished(database);
    this.place = new FilePlace([path, `${path}-wal`]);
    syncDirectory(this.directory);
    return database;
  }

  /** What was left when the power went, or a full disk did not take. It stays until its events are in the database. */
  private takeOverUnfinished(database: OutboxDatabase): void {
    try {
      const left = this.openUnfinished();
      try {
        database.adopt(left.all());
      } finally {
        left.close();
      }
    } catch (thrown) {
      this.logger.error({ reason: reasonOf(thrown) }, `outbox: ${unfinished} cannot be taken over now; it stays`);
      return;
    }
    removeDatabase(join(this.directory, unfinished));
  }

  /** Opened with what is in it already; a corrupt one is moved aside for an empty one. */
  private openUnfinished(): OutboxDatabase {
    const path = join(this.directory, unfinished);
    try {
      return OutboxDatabase.open(path);
    } catch (thrown) {
      if (!isCorrupt(thrown)) throw thrown;
      setDatabaseAside(this.directory, unfinished);
      return OutboxDatabase.open(path);
    }
  }

  private remake(open: OutboxDatabase): OutboxDatabase {
    const path = join(this.directory, file);
    makeFolder(this.directory, 0o700);
    const made = this.openUnfinished();
    try {
      made.adopt(open.all());
    } finally {
      made.close();
    }
    if (this.place?.isTaken(path)) setForeignAside(this.directory);
    // First, because it deletes the log that has its name, whosever that is.
    this.close();
    renameSync(join(this.directory, unfinished), path);
    return this.open();
  }

  private replace(cause: unknown): OutboxDatabase {
    this.close();
    this.lastCount = 0;
    const place = setDatabaseAside(this.directory, file);
    this.replaced += 1;
    const database = this.open();
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

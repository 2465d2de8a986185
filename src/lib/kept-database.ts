import { existsSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { makeFolder, syncDirectory } from "./disk.js";
import { reasonOf } from "./errors.js";
import { FilePlace } from "./file-place.js";
import { setDatabaseAside } from "./set-aside.js";
import { isCorrupt, isInUse } from "./sqlite-failure.js";

export interface DatabaseLogger {
  error(fields: object, message: string): void;
  warn(fields: object, message: string): void;
}

/** What sets one database apart from another: its file, and how its rows pass from one file to the next. */
export interface DatabaseKind<D extends { close(): void }> {
  /** Whose it is, at the head of what is logged: "outbox". */
  readonly owner: string;
  /** What it holds, in words for the log: "events". */
  readonly holds: string;
  readonly file: string;
  /** A database that is being made from one that was deleted; becomes `file` once it is whole. */
  readonly unfinished: string;
  /** Opens the file, made where it is missing, and checks it. */
  open(path: string): D;
  /** How many there are of what it holds. */
  countOf(database: D): number;
  /** Stores all that is in a database in the one at this path as well, made where it is missing. */
  copyTo(path: string, database: D): void;
  /** Stores what is in the database at this path, which nobody has open, as far as it is not there yet. */
  copyFrom(path: string, database: D): void;
  /** Stores what can still be read of the damaged database at this path; returns how many. */
  rescue(path: string, database: D): number;
}

/**
 * The database of a directory, whatever becomes of its file. One that turns out corrupt, when it is opened or later, is
 * moved aside and replaced by one with what can still be read of it. One that is deleted or replaced while it is open
 * is made anew: what is open has everything.
 */
export class KeptDatabase<D extends { close(): void }> {
  private database: D | undefined;
  private place: FilePlace | undefined;
  private lastCount = 0;
  /** Databases that were corrupt. */
  replaced = 0;
  /** Databases that had been deleted or replaced. */
  remade = 0;

  constructor(
    private readonly directory: string,
    private readonly kind: DatabaseKind<D>,
    private readonly logger: DatabaseLogger,
  ) {}

  /** How many there are of what it holds; where it is closed, when it was. */
  get count(): number {
    return this.database === undefined ? this.lastCount : this.kind.countOf(this.database);
  }

  /** Works with the database, opened where it is not yet; once more with a new one where it turns out corrupt. */
  use<T>(work: (database: D) => T): T {
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
    const { owner, holds, file } = this.kind;
    this.logger.error(
      { [holds]: this.count },
      `${owner}: somebody deleted or replaced ${file} in ${this.directory}; made anew with the ${holds} that it had`,
    );
    return true;
  }

  /** May be called twice. */
  close(): void {
    this.lastCount = this.count;
    this.database?.close();
    this.database = undefined;
  }

  private pathOf(file: string): string {
    return join(this.directory, file);
  }

  private open(): D {
    const path = this.pathOf(this.kind.file);
    const database = this.kind.open(path);
    if (existsSync(this.pathOf(this.kind.unfinished))) this.takeOverUnfinished(database);
    this.place = new FilePlace([path, `${path}-wal`]);
    syncDirectory(this.directory);
    return database;
  }

  /** What was left when the power went, or a full disk did not take. It stays until its rows are in the database. */
  private takeOverUnfinished(database: D): void {
    const { kind, logger } = this;
    try {
      this.withUnfinished((path) => kind.copyFrom(path, database));
    } catch (thrown) {
      const said = `${kind.owner}: ${kind.unfinished} cannot be taken over now; it stays`;
      logger.error({ reason: reasonOf(thrown) }, said);
      return;
    }
    removeDatabase(this.pathOf(kind.unfinished));
  }

  /** Works with what is in it already; a corrupt one is moved aside for an empty one. */
  private withUnfinished(work: (path: string) => void): void {
    const path = this.pathOf(this.kind.unfinished);
    try {
      work(path);
    } catch (thrown) {
      if (!isCorrupt(thrown)) throw thrown;
      setDatabaseAside(this.directory, this.kind.unfinished);
      work(path);
    }
  }

  private remake(open: D): D {
    const { kind, directory } = this;
    const path = this.pathOf(kind.file);
    makeFolder(directory, 0o700);
    this.withUnfinished((unfinished) => kind.copyTo(unfinished, open));
    if (this.place?.isTaken(path)) this.setForeignAside();
    // First, because it deletes the log that has its name, whosever that is.
    this.close();
    renameSync(this.pathOf(kind.unfinished), path);
    return this.open();
  }

  private replace(cause: unknown): D {
    const { owner, holds, file } = this.kind;
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
      `${owner}: the database is corrupt (${reason}); moved to ${place}, going on with a new one; ${holds} rescued: ${rescued}`,
    );
    return database;
  }

  private rescueInto(database: D, place: string): number {
    try {
      return this.kind.rescue(place, database);
    } catch (thrown) {
      // A disk without room for them must not keep later ones from being stored.
      const said = `${this.kind.owner}: what can still be read has no room in the new database`;
      this.logger.error({ reason: reasonOf(thrown) }, said);
      return 0;
    }
  }

  /**
   * Moves aside what took the database's place. It is not taken over: it may be another device's, or an older copy.
   * @throws where another process works with it
   */
  private setForeignAside(): void {
    try {
      this.kind.open(this.pathOf(this.kind.file)).close();
    } catch (thrown) {
      if (isInUse(thrown)) throw thrown;
    }
    setDatabaseAside(this.directory, this.kind.file);
  }
}

/** Removes a database that nobody has open, with its log. */
export function removeDatabase(path: string): void {
  for (const suffix of ["", "-wal", "-shm", "-journal"]) rmSync(path + suffix, { force: true });
}

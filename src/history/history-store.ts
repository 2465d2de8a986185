import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { makeFolder, whyDisk } from "../lib/disk.js";
import { FlinchError, reasonOf } from "../lib/errors.js";
import { KeptDatabase } from "../lib/kept-database.js";
import type { Logger } from "../lib/logger.js";
import type { Sql } from "../lib/sql.js";
import { isInUse } from "../lib/sqlite-failure.js";
import { evictSome } from "./evict.js";
import type { HistoryDatabase } from "./history-database.js";
import { keptHistory } from "./kept-history.js";

/** Rounds of eviction for one write: a limit that is set much lower takes effect bit by bit, not in seconds at once. */
const EVICTIONS = 5;

export interface HistoryStoreOptions {
  readonly directory: string;
  readonly log: Logger;
  /** Most bytes that the database takes; exceeded by a movement, and for a while after it was set lower. */
  readonly maxBytes: number;
}

/** The history's database, whatever becomes of its file; says what a disk refuses in words for a person. */
export class HistoryStore {
  private readonly database: KeptDatabase<HistoryDatabase>;
  /** Movements given up for the sake of `maxBytes`. */
  evicted = 0;

  /** @throws FlinchError HISTORY_UNWRITABLE where the directory cannot be used, or another process has it open */
  constructor(private readonly options: HistoryStoreOptions) {
    const { directory, log } = options;
    this.database = new KeptDatabase(directory, keptHistory, log);
    this.usable(() => {
      makeFolder(directory, 0o700);
      this.database.use(() => undefined);
    });
  }

  /** Databases that were corrupt since the start. */
  get replaced(): number {
    return this.database.replaced;
  }

  /** @throws FlinchError HISTORY_UNWRITABLE where the disk cannot be read */
  read<T>(work: (database: HistoryDatabase) => T): T {
    return this.usable(() => this.database.use(work));
  }

  /**
   * Does all of it or nothing.
   * @throws FlinchError HISTORY_UNWRITABLE where the disk refuses it; what `work` throws
   */
  write<T>(work: (sql: Sql) => T): T {
    return this.usable(() => {
      this.database.keepInPlace();
      return this.database.use(({ sql }) => sql.transaction(() => work(sql)));
    });
  }

  /** The same, and makes room for it. */
  writeBounded<T>(work: (sql: Sql) => T): T {
    const result = this.write(work);
    const { maxBytes, log } = this.options;
    const before = this.evicted;
    for (let round = 0; round < EVICTIONS && this.read((database) => database.usedBytes()) > maxBytes; round++) {
      const gone = this.write(evictSome);
      if (gone === 0) break;
      this.evicted += gone;
    }
    const movements = this.evicted - before;
    if (movements > 0) log.warn({ movements, maxBytes }, "history: full; the oldest movements are given up");
    return result;
  }

  /** Takes what was deleted off the disk; what the disk refuses comes with the next deletion, or at the end. */
  forget(): void {
    try {
      this.database.use((database) => database.forget());
    } catch (thrown) {
      const reason = reasonOf(thrown);
      this.options.log.error({ reason }, "history: what was deleted is still in the log of the database; trying again");
    }
  }

  /** Deletes the corrupt databases that lie aside: they may hold what somebody wants deleted. */
  forgetAside(): void {
    const folder = join(this.options.directory, "corrupt");
    this.usable(() => {
      for (const name of foldersFiles(folder))
        if (/history(-new)?\.db(-wal|-journal)?$/.test(name)) rmSync(join(folder, name));
    });
  }

  /** May be called twice. */
  close(): void {
    this.database.close();
  }

  private usable<T>(work: () => T): T {
    try {
      return work();
    } catch (thrown) {
      if (thrown instanceof FlinchError) throw thrown;
      const problem = isInUse(thrown)
        ? "is in use by another process; every daemon needs an outbox of its own"
        : `cannot be used (${whyDisk(thrown)}); make room there, make it writable for this user, or set another outbox.directory`;
      const message = `the history in ${this.options.directory} ${problem}`;
      throw new FlinchError("HISTORY_UNWRITABLE", message, { cause: thrown });
    }
  }
}

function foldersFiles(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

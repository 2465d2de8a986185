import type { DatabaseKind } from "../lib/kept-database.js";
import { OutboxDatabase } from "./outbox-database.js";
import { rescue } from "./rescue.js";

/** The database of events, for `KeptDatabase`. */
export const keptEvents: DatabaseKind<OutboxDatabase> = {
  owner: "outbox",
  holds: "events",
  file: "outbox.db",
  unfinished: "outbox-new.db",
  open: OutboxDatabase.open,
  countOf: ({ count }) => count,
  copyTo: (path, database) => withDatabase(path, (made) => made.adopt(database.all())),
  copyFrom: (path, database) => withDatabase(path, (left) => database.adopt(left.all())),
  rescue: (path, database) => database.adopt(rescue(path)),
};

function withDatabase(path: string, work: (database: OutboxDatabase) => void): void {
  const database = OutboxDatabase.open(path);
  try {
    work(database);
  } finally {
    database.close();
  }
}

import type { DatabaseKind } from "../lib/kept-database.js";
import { HistoryDatabase } from "./history-database.js";

/** The database of the history, for `KeptDatabase`. */
export const keptHistory: DatabaseKind<HistoryDatabase> = {
  owner: "history",
  holds: "movements",
  file: "history.db",
  unfinished: "history-new.db",
  open: HistoryDatabase.open,
  countOf: ({ movements }) => movements,
  copyTo: (path, database) => database.copyTo(path),
  copyFrom: (path, database) => database.copyFrom(path),
  rescue: (path, database) => database.rescue(path),
};

const json = (name: string) => `CHECK (json_valid(${name}))`;

/**
 * The tables, column by column; docs/history.md explains them. The first column of each names its table, so that rows
 * can be told apart where only single pages of a damaged file are left.
 */
export const tables = {
  session: [
    "id TEXT NOT NULL PRIMARY KEY",
    "started_ms INTEGER NOT NULL",
    "stored_ms INTEGER NOT NULL",
    `session TEXT NOT NULL ${json("session")}`,
    `report TEXT ${json("report")}`,
    "note TEXT NOT NULL",
  ],
  movement: [
    "id TEXT NOT NULL PRIMARY KEY",
    "session TEXT",
    "at_ms INTEGER NOT NULL",
    "stored_ms INTEGER NOT NULL",
    "raised INTEGER NOT NULL",
    `movement TEXT NOT NULL ${json("movement")}`,
    `event TEXT ${json("event")}`,
  ],
  excerpt: ["movement TEXT NOT NULL PRIMARY KEY", "excerpt BLOB NOT NULL"],
  coverage: [
    "session TEXT",
    "from_ms INTEGER NOT NULL",
    "to_ms INTEGER NOT NULL",
    "stored_ms INTEGER NOT NULL",
    "watched_ms REAL NOT NULL",
    "judged_ms REAL NOT NULL",
    `gaps TEXT NOT NULL ${json("gaps")}`,
    "UNIQUE (session, from_ms, to_ms)",
  ],
  label: [
    "id TEXT NOT NULL PRIMARY KEY",
    "movement TEXT NOT NULL",
    "reviewer TEXT NOT NULL",
    "version INTEGER NOT NULL",
    "decision TEXT NOT NULL",
    "onset_ms REAL",
    "apex_ms REAL",
    "offset_ms REAL",
    "note TEXT NOT NULL",
    "at TEXT NOT NULL",
    "flinch TEXT NOT NULL",
    `model TEXT ${json("model")}`,
    "sent INTEGER NOT NULL",
    "UNIQUE (movement, reviewer, version)",
  ],
  deletion: [
    "id TEXT NOT NULL PRIMARY KEY",
    "session TEXT",
    "at TEXT NOT NULL",
    "by TEXT NOT NULL",
    "reason TEXT NOT NULL",
    "movements INTEGER NOT NULL",
    "events INTEGER NOT NULL",
    "labels INTEGER NOT NULL",
    "clips INTEGER NOT NULL",
    "sent INTEGER NOT NULL",
  ],
} as const;

export type Table = keyof typeof tables;

export const tableNames = Object.keys(tables) as readonly Table[];

/** Names of a table's columns, in order, the first one included. */
export function columnsOf(table: Table): string[] {
  const own = tables[table].filter((column) => !column.startsWith("UNIQUE"));
  return ["kind", ...own.map((column) => column.split(" ", 1)[0] ?? "")];
}

const indices = `
  CREATE INDEX session_by_start ON session (started_ms);
  CREATE INDEX movement_by_time ON movement (at_ms, id);
  CREATE INDEX movement_by_session ON movement (session, at_ms, id);
  CREATE INDEX label_unsent ON label (sent) WHERE sent = 0;
  CREATE INDEX deletion_by_session ON deletion (session);`;

/** Statements that make an empty database. */
export const schema =
  tableNames
    .map((table) => {
      const kind = `kind TEXT NOT NULL CHECK (kind = '${table}')`;
      return `CREATE TABLE ${table} (${[kind, ...tables[table]].join(", ")}) STRICT;`;
    })
    .join("\n") + indices;

import { crc32 } from "node:zlib";
import type { Sql } from "../lib/sql.js";

/** CRC-32 of an event as it is stored, so that a bit that flips on the disk is not published. */
export function checksumOf(sequence: number, body: string): number {
  return crc32(`${sequence}\n${body}`);
}

// A table of its own: an earlier Flinch, after a release was rolled back, finds the table of events as it knows it.
const table = `
  CREATE TABLE checksum (sequence INTEGER PRIMARY KEY, crc32 INTEGER NOT NULL) STRICT;
  CREATE TRIGGER checksum_of_removed AFTER DELETE ON event
    BEGIN DELETE FROM checksum WHERE sequence = old.sequence; END;`;

const missing = `
  INSERT INTO checksum SELECT sequence, checksum_of(sequence, body) FROM event
    WHERE sequence NOT IN (SELECT sequence FROM checksum);`;

/** True where the database keeps checksums; false for one that an earlier version made. */
export function hasChecksums(sql: Sql): boolean {
  return sql.value("SELECT give(name) FROM sqlite_schema WHERE name = 'checksum'") !== undefined;
}

/** Makes the table where it is missing, and gives each event a checksum that has none. Call it in a transaction. */
export function giveChecksums(sql: Sql): void {
  sql.define("checksum_of", (sequence, body) => checksumOf(Number(sequence), String(body)));
  if (!hasChecksums(sql)) sql.run(table);
  sql.run(missing);
}

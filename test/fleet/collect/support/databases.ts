import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import t, { type Test } from "tap";
import type { Target } from "../../../../src/fleet/collect/database/index.js";
import { PostgresServer } from "../../../support/postgres.js";

let server: Promise<PostgresServer | undefined> | undefined;

/** The PostgreSQL of this test file, started when it is first asked for. */
export async function postgresServer(): Promise<PostgresServer | undefined> {
  if (server === undefined) {
    server = PostgresServer.start();
    t.teardown(async () => (await server)?.stop());
  }
  return server;
}

/** An empty database; undefined, with the test skipped, where PostgreSQL is not installed. */
export async function emptyDatabase(t: Test, kind: Target["kind"]): Promise<Target | undefined> {
  if (kind === "duckdb") {
    const directory = mkdtempSync(join(tmpdir(), "flinch-duckdb-"));
    t.teardown(() => rmSync(directory, { recursive: true, force: true }));
    return { kind, file: join(directory, "fleet.duckdb") };
  }
  const running = await postgresServer();
  if (running !== undefined) return { kind, url: await running.database(`d${randomUUID().replaceAll("-", "")}`) };
  t.plan(0, "PostgreSQL is not installed; as root: apt-get install postgresql");
  return undefined;
}

/** What `--to` says of it. */
export const asOption = (target: Target): string => (target.kind === "duckdb" ? `duckdb:${target.file}` : target.url);

export const KINDS = ["duckdb", "postgres"] as const;

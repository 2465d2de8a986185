import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { cpus, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { openDatabase, type Target } from "../../../../src/fleet/collect/database/index.js";
import { until } from "../../../support/logs.js";
import { PostgresServer } from "../../../support/postgres.js";
import { type BrokerName, type LoadBroker, startBroker } from "./brokers.js";
import { type Delays, delaysOf } from "./delays.js";
import type { LoadOrder, LoadReport } from "./load-child.js";
import { LoadCollector } from "./load-collector.js";
import { Usage } from "./usage.js";

export interface LoadOptions {
  readonly broker: BrokerName;
  readonly to: Target["kind"];
  readonly devices: number;
  /** Events of each device in a second. */
  readonly rate: number;
  readonly seconds: number;
  /** How often each part is killed: collectors, broker and, where it is a process, the database. */
  readonly kills: number;
  readonly collectors: number;
  /** More options of `flinch collect`. */
  readonly options: readonly string[];
  readonly tell: (line: string) => void;
}

interface Part {
  readonly peakMb: number;
  /** Processors in use on average. */
  readonly processors: number;
}

export interface LoadResult {
  readonly events: number;
  readonly lost: number;
  readonly twice: number;
  readonly gaps: number;
  /** Rows a second, from the first event to the last commit. */
  readonly perSecond: number;
  /** Seconds from the last event to the last commit. */
  readonly drainedS: number;
  readonly delaysMs: Delays;
  readonly acknowledgedMs: LoadReport["acknowledgedMs"];
  readonly reconnects: number;
  readonly kills: number;
  /** Messages in a transaction, on average. */
  readonly batch: number;
  /** The longest transaction, in milliseconds. */
  readonly longestMs: number;
  readonly parts: Readonly<Record<"devices" | "broker" | "collector" | "database", Part>>;
  readonly troubles: readonly string[];
}

const SAMPLE_MS = 500;
/** Times that the collectors start again where something is missing still. */
const MOST_ATTEMPTS = 3;

/** Runs a fleet against a broker, collectors and a database, kills them in turn, and counts what is in the tables. */
export async function fleetLoad(options: LoadOptions): Promise<LoadResult> {
  const closing: (() => unknown)[] = [];
  try {
    const { target, server } = await startDatabase(options.to, closing);
    const broker = await startBroker(options.broker);
    closing.push(() => broker.stop());
    const collectors = collectorsOf(options, broker, target);
    closing.push(() => Promise.all(collectors.map((collector) => collector.kill())));
    for (const collector of collectors) await collector.run();
    const busy = loadavg()[0]?.toFixed(1);
    options.tell(
      `${cpus().length} processors, load ${busy} before; ${options.broker}, ${options.to}, ${collectors.length} collecting`,
    );
    const { devices, rate, seconds } = options;
    const child = await startDevices({ port: broker.port, devices, rate, seconds });
    closing.push(() => child.kill("SIGKILL"));

    const usage = { devices: new Usage(), broker: new Usage(), collector: new Usage(), database: new Usage() };
    const sample = () => {
      usage.devices.sample([child.pid]);
      usage.broker.sample([broker.group.pid]);
      usage.collector.sample(collectors.map(({ pid }) => pid));
      if (server !== undefined) usage.database.sample([serverPid(server)]);
    };
    sample();
    const before = Object.entries(usage).map(([name, its]) => [name, its.processorSeconds] as const);
    const timer = setInterval(sample, SAMPLE_MS);
    closing.push(() => clearInterval(timer));

    const reported = once(child, "message") as Promise<[LoadReport]>;
    child.send("begin");
    const killed = killInTurn(options, collectors, broker, server);
    const [report] = await reported;
    await killed;
    options.tell(`${report.events} events are with the broker`);
    await untilIdle(collectors, broker.idleMs);
    sample();
    clearInterval(timer);
    const lastUs = Math.max(...collectors.flatMap(({ batches }) => batches.map(({ atUs }) => atUs)));
    const elapsedS = (lastUs / 1000 - report.beganMs) / 1000;
    const parts = Object.fromEntries(
      before.map(([name, seconds]) => {
        const its = usage[name as keyof typeof usage];
        const processors = Math.round(((its.processorSeconds - seconds) / elapsedS) * 100) / 100;
        return [name, { peakMb: its.peakMb, processors }];
      }),
    ) as LoadResult["parts"];
    const stored = await countStored(target, collectors, broker.idleMs, report.events);
    for (const { first, last } of stored.missing)
      options.tell(`missing: events of second ${Math.floor(first / rate)} to ${Math.ceil(last / rate)}`);
    const batches = collectors.flatMap((collector) => collector.batches);
    return {
      events: report.events,
      lost: report.events - stored.ids,
      twice: stored.rows - stored.ids,
      gaps: stored.gaps,
      perSecond: Math.round(report.events / elapsedS),
      drainedS: Math.round((lastUs / 1000 - report.endedMs) / 100) / 10,
      delaysMs: delaysOf(
        stored.times,
        collectors.map((collector) => collector.batches),
      ),
      acknowledgedMs: report.acknowledgedMs,
      reconnects: report.reconnects,
      kills: await killed,
      longestMs: Math.max(...batches.map(({ ms }) => ms)),
      batch: Math.round(batches.reduce((sum, { messages }) => sum + messages, 0) / batches.length),
      parts,
      troubles: [...new Set(collectors.flatMap(({ troubles }) => troubles))],
    };
  } finally {
    for (const close of closing.reverse()) await close();
  }
}

async function startDatabase(
  kind: Target["kind"],
  closing: (() => unknown)[],
): Promise<{ readonly target: Target; readonly server?: PostgresServer }> {
  if (kind === "duckdb") {
    const directory = mkdtempSync(join(tmpdir(), "flinch-load-"));
    closing.push(async () => rmSync(directory, { recursive: true, force: true }));
    return { target: { kind, file: join(directory, "fleet.duckdb") } };
  }
  const server = await PostgresServer.start();
  if (server === undefined) throw new Error("PostgreSQL is not installed; as root: apt-get install postgresql");
  closing.push(() => server.stop());
  return { target: { kind, url: await server.database("fleet") }, server };
}

function collectorsOf({ collectors, options }: LoadOptions, broker: LoadBroker, target: Target): LoadCollector[] {
  const to = target.kind === "duckdb" ? `duckdb:${target.file}` : target.url;
  const soon = ["--mqtt.reconnectMinMs=50", "--mqtt.reconnectMaxMs=500"];
  return Array.from({ length: collectors }, (_, i) => {
    const share = collectors === 1 ? [] : ["--partition", `${i + 1}/${collectors}`];
    const args = ["--broker", `mqtt://127.0.0.1:${broker.port}`, "--to", to, "--name", "load", ...soon];
    return new LoadCollector([...args, ...share, ...broker.options, ...options]);
  });
}

async function startDevices(order: LoadOrder): Promise<ChildProcess> {
  const child = fork("test/fleet/load/support/load-child.ts", [JSON.stringify(order)], {
    execArgv: ["--import", "./test/support/typescript.mjs"],
  });
  const [said] = (await once(child, "message")) as [unknown];
  if (said !== "ready") throw new Error(`the devices say ${JSON.stringify(said)}`);
  return child;
}

/** Undefined while it is away. */
function serverPid(server: PostgresServer): number | undefined {
  try {
    return server.pid;
  } catch {
    return undefined;
  }
}

/** Kills one part after the other, evenly over the time; returns how often in all. */
async function killInTurn(
  { kills, seconds, tell }: LoadOptions,
  collectors: readonly LoadCollector[],
  broker: LoadBroker,
  server: PostgresServer | undefined,
): Promise<number> {
  const killable: (readonly [string, { readonly kill: () => Promise<void>; readonly run: () => Promise<void> }])[] = [
    ["collector", { kill: async () => collectors[0]?.kill(), run: async () => collectors[0]?.run() }],
    ["broker", { kill: () => broker.group.kill(), run: () => broker.run() }],
    ...(server === undefined ? [] : [["database", server] as const]),
  ];
  const all = Array.from({ length: kills }, () => killable).flat();
  const began = performance.now();
  for (const [i, [name, part]] of all.entries()) {
    const due = (((i + 1) * seconds) / (all.length + 1)) * 1000;
    await sleep(Math.max(0, due - (performance.now() - began)));
    tell(`${name} killed`);
    await part.kill();
    await sleep(300);
    await part.run();
  }
  return all.length;
}

/** Waits until no collector has stored anything for a while. */
async function untilIdle(collectors: readonly LoadCollector[], idleMs: number): Promise<void> {
  let [last, since] = [-1, performance.now()];
  await until(() => {
    const count = collectors.reduce((sum, { batches }) => sum + batches.length, 0);
    if (count !== last) [last, since] = [count, performance.now()];
    return performance.now() - since > idleMs;
  }, 300_000);
}

interface Stored {
  readonly rows: number;
  readonly ids: number;
  readonly gaps: number;
  /** Numbers that are missing, of the devices together. */
  readonly missing: readonly { readonly first: number; readonly last: number }[];
  readonly times: readonly { readonly publishedUs: number; readonly receivedUs: number }[];
}

/** What is in the tables; the collectors go on as long as something is missing that the broker may have. */
async function countStored(
  target: Target,
  collectors: readonly LoadCollector[],
  idleMs: number,
  events: number,
): Promise<Stored> {
  for (let attempt = 1; ; attempt++) {
    await Promise.all(collectors.map((collector) => collector.stop()));
    const stored = await readStored(target);
    if (stored.ids >= events || attempt === MOST_ATTEMPTS) return stored;
    for (const collector of collectors) await collector.run();
    await untilIdle(collectors, idleMs);
  }
}

async function readStored(target: Target): Promise<Stored> {
  const database = await openDatabase(target);
  try {
    const [counts] = await database.query(
      "select count(*) as rows, (select count(*) from (select distinct device, id from events) i) as ids, (select count(*) from gaps) as gaps from events",
    );
    const missing = await database.query(
      "select distinct first_missing, last_missing from gaps order by first_missing limit 20",
    );
    const times = await database.query(
      "select extract(epoch from apex_at) as published, extract(epoch from received_at) as received from events",
    );
    const us = (seconds: unknown) => Math.round(Number(seconds) * 1e6);
    return {
      rows: Number(counts?.["rows"]),
      ids: Number(counts?.["ids"]),
      gaps: Number(counts?.["gaps"]),
      missing: missing.map(({ first_missing, last_missing }) => ({
        first: Number(first_missing),
        last: Number(last_missing),
      })),
      times: times.map(({ published, received }) => ({ publishedUs: us(published), receivedUs: us(received) })),
    };
  } finally {
    await database.close();
  }
}

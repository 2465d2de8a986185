import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { connectAsync } from "mqtt";
import { nats, rabbitmq } from "../../../long/support/recipes.js";
import { freePort } from "../../../support/free-port.js";
import { until } from "../../../support/logs.js";
import { Group } from "./group.js";

export const BROKERS = ["mosquitto", "nats", "rabbitmq"] as const;
export type BrokerName = (typeof BROKERS)[number];

/** A broker that can be killed and started again, on a port of loopback. */
export interface LoadBroker {
  readonly port: number;
  /** What a collector needs to know of it. */
  readonly options: readonly string[];
  readonly group: Group;
  /** How long nothing may come before all has come, in milliseconds. */
  readonly idleMs: number;
  run(): Promise<void>;
  stop(): Promise<void>;
}

/** As config/mosquitto, but for TLS and passwords, and that it writes down every second. */
const mosquitto = (port: number) => `listener ${port} 127.0.0.1
allow_anonymous true
user root
persistence true
persistence_location DIR/
autosave_interval 1
max_queued_messages 1000000
max_queued_bytes 1073741824
log_type error
`;

const PROGRAMS: Readonly<Record<BrokerName, string>> = {
  mosquitto: "/usr/sbin/mosquitto",
  nats: nats.program,
  rabbitmq: rabbitmq.program,
};

export const isInstalled = (name: BrokerName): boolean => existsSync(PROGRAMS[name]);

/** True when a client that is none of ours gets in: NATS and RabbitMQ listen before they are ready. */
async function answers(port: number): Promise<boolean> {
  try {
    const client = await connectAsync(`mqtt://127.0.0.1:${port}`, {
      protocolVersion: 4,
      reconnectPeriod: 0,
      connectTimeout: 2000,
    });
    await client.endAsync(true);
    return true;
  } catch {
    return false;
  }
}

/**
 * Messages that these brokers send ahead of their acknowledgement: by default 1024 and 10. NATS sends again what was
 * not acknowledged in so long, by default in 30 seconds; a collector that comes back waits for that.
 */
const AHEAD: Readonly<Record<string, (text: string) => string>> = {
  "nats.conf": (text) => text.replace("mqtt {", 'mqtt { max_ack_pending: 10000, ack_wait: "5s",'),
  "rabbitmq.conf": (text) => `${text}mqtt.prefetch = 10000\n`,
};

export async function startBroker(name: BrokerName): Promise<LoadBroker> {
  const directory = mkdtempSync(join(tmpdir(), "flinch-load-"));
  const port = await freePort();
  const prepared =
    name === "mosquitto"
      ? { args: ["-c", join(directory, "mosquitto.conf")], files: { "mosquitto.conf": mosquitto(port) } }
      : await { nats, rabbitmq }[name].prepare(port, directory);
  const { args, env = {}, cleanUp }: Awaited<ReturnType<typeof nats.prepare>> = prepared;
  for (const [file, content] of Object.entries(prepared.files)) {
    const text = (AHEAD[file]?.(content) ?? content).replaceAll("DIR/", `${directory}/`);
    writeFileSync(join(directory, file), text);
  }
  const group = new Group(PROGRAMS[name], args, env);
  const run = async () => {
    await until(async () => {
      if (!group.running) group.start();
      return answers(port);
    }, 120_000);
  };
  await run();
  const stop = async () => {
    await group.kill();
    // RabbitMQ's epmd outlives it, and does not end before it has noticed.
    if (cleanUp !== undefined) await sleep(1000);
    cleanUp?.();
    rmSync(directory, { recursive: true, force: true });
  };
  const idleMs = name === "nats" ? 8000 : 4000;
  return { port, group, idleMs, run, stop, options: name === "mosquitto" ? [] : ["--protocol", "4"] };
}

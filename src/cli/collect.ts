import { hostname } from "node:os";
import { type Config, loadConfig } from "../config/index.js";
import { type CollectOptions, collect, type Gap, gapsIn, partitionOf, targetOf } from "../fleet/collect/index.js";
import { FlinchError } from "../lib/errors.js";
import { createLog } from "../lib/log.js";
import { redactAddress } from "../lib/redact.js";
import { secretsOf } from "../mqtt/link-options.js";
import type { CommandContext } from "./command.js";

type Options = ReadonlyMap<string, string>;

/** `flinch collect`: takes the events of a fleet into a database, until SIGTERM or SIGINT; with `--gaps`, says what never came. */
export async function collectCommand({ line, env, output, signal }: CommandContext): Promise<number> {
  const { options, switches } = line;
  const target = targetOf(options.get("to"));
  const { config } = loadConfig({ line, env });
  const log = createLog(config.log.level);
  const graceS = numberIn(options, "grace", 60, 1, 86_400);
  if (switches.has("gaps")) {
    const gaps = await gapsIn(target, graceS, log, signal);
    for (const text of switches.has("json") ? [JSON.stringify(gaps)] : inLines(gaps)) output(text);
    return 0;
  }
  await collect({ target, graceS, ...collectOptionsOf(config, options, env) }, log, signal);
  return 0;
}

function collectOptionsOf(
  { mqtt, privacy }: Config,
  options: Options,
  env: CommandContext["env"],
): Omit<CollectOptions, "target" | "graceS"> {
  const url = brokerIn(options) ?? mqtt.url;
  if (url === "") throw new FlinchError("USAGE", "collect needs a broker: --broker mqtts://HOST:8883, or mqtt.url");
  const wish = options.get("partition");
  const partition = wish === undefined ? undefined : partitionOf(wish);
  const group = options.has("group") ? nameIn(options, "group", "") : undefined;
  const protocolVersion = protocolIn(options) ?? mqtt.protocolVersion;
  if (group !== undefined && (protocolVersion === 4 || partition !== undefined))
    throw new FlinchError(
      "USAGE",
      "--group shares the load by MQTT 5; use either it or --partition I/N, which goes by both",
    );
  const name = nameIn(options, "name", hostname().replaceAll(/[^A-Za-z0-9.-]/g, "-"));
  const part = partition === undefined ? "" : `-${partition.part}-of-${partition.of}`;
  const secrets = () => secretsOf(mqtt, env);
  // What cannot be read is said at the start.
  secrets();
  return {
    subscriber: {
      url,
      clientId: mqtt.clientId === "" ? `flinch-collect-${name}${part}` : mqtt.clientId,
      username: mqtt.username === "" ? undefined : mqtt.username,
      secrets,
      protocolVersion,
      keepaliveS: mqtt.keepaliveS,
      connectTimeoutMs: mqtt.connectTimeoutMs,
      reconnectMinMs: mqtt.reconnectMinMs,
      reconnectMaxMs: mqtt.reconnectMaxMs,
      topicPrefix: mqtt.topicPrefix,
      window: numberIn(options, "window", 10_000, 1, 65_535),
      group,
      partition,
    },
    reader: {
      topicPrefix: mqtt.topicPrefix,
      stateEveryS: numberIn(options, "state-every", 60, 1, 86_400),
      retentionDays: privacy.retentionDays,
    },
    writer: {
      rows: numberIn(options, "batch-rows", 1000, 1, 10_000),
      ms: numberIn(options, "batch-ms", 100, 1, 10_000),
    },
  };
}

function brokerIn(options: Options): string | undefined {
  const url = options.get("broker");
  if (url === undefined) return undefined;
  if (!/^(mqtts?|wss?):\/\//.test(url) || !URL.canParse(url))
    throw new FlinchError(
      "USAGE",
      `--broker is '${redactAddress(url)}'; it takes mqtt://, mqtts://, ws:// or wss:// with a host`,
    );
  const { username, password } = new URL(url);
  if (username !== "" || password !== "")
    throw new FlinchError(
      "USAGE",
      "--broker has credentials in it; they belong in mqtt.username and mqtt.passwordFile",
    );
  return url;
}

function protocolIn(options: Options): 4 | 5 | undefined {
  const text = options.get("protocol");
  if (text === undefined) return undefined;
  if (text !== "4" && text !== "5")
    throw new FlinchError("USAGE", `--protocol is '${text}'; it takes 5 for MQTT 5, 4 for MQTT 3.1.1`);
  return text === "4" ? 4 : 5;
}

function nameIn(options: Options, name: string, otherwise: string): string {
  const text = options.get(name) ?? otherwise;
  if (/^[A-Za-z0-9.-]{1,64}$/.test(text)) return text;
  throw new FlinchError("USAGE", `--${name} is '${text}'; it takes letters, digits, dots and dashes, 64 at most`);
}

function numberIn(options: Options, name: string, otherwise: number, min: number, max: number): number {
  const text = options.get(name);
  if (text === undefined) return otherwise;
  const number = Number(text);
  if (/^\d+$/.test(text) && number >= min && number <= max) return number;
  throw new FlinchError("USAGE", `--${name} is '${text}'; it takes a whole number from ${min} to ${max}`);
}

function inLines(gaps: readonly Gap[]): string[] {
  if (gaps.length === 0) return ["no event is missing"];
  return gaps.map(({ device, firstMissing, lastMissing, missing, noticedAt }) => {
    const numbers = missing === 1 ? `${firstMissing}` : `${firstMissing} to ${lastMissing}`;
    return `${device}: ${numbers} (${missing}), noticed at ${noticedAt}`;
  });
}

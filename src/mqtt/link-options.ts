import type { IClientOptions } from "mqtt";
import type { Config } from "../config/index.js";
import { writtenText } from "../lib/written-text.js";
import { type Environment, readConfigured } from "./credentials.js";

/** What a connection proves itself with. */
export interface Secrets {
  readonly password: string | undefined;
  readonly tls: { readonly ca?: Buffer; readonly cert?: Buffer; readonly key?: Buffer };
}

/** Where a broker is, and who asks. */
export interface ConnectionOptions {
  readonly url: string;
  readonly clientId: string;
  readonly username: string | undefined;
  /**
   * Read from their files for every connection, so that a new password or certificate needs no restart.
   * @throws FlinchError MQTT_CONFIG where a file cannot be read
   */
  readonly secrets: () => Secrets;
  readonly protocolVersion: 4 | 5;
  readonly keepaliveS: number;
  readonly connectTimeoutMs: number;
}

/** What the link needs to know. */
export interface LinkOptions extends ConnectionOptions {
  readonly reconnectMinMs: number;
  readonly reconnectMaxMs: number;
  /** Anything longer that comes in is not handed on. */
  readonly maxPayloadBytes: number;
  readonly topicPrefix: string;
  /** Home Assistant's, for who publishes "discovery". */
  readonly discoveryPrefix: string;
  readonly device: string;
  readonly bootId: string;
  /** Most events published in a second. */
  readonly drainPerSecond: number;
}

/**
 * The link's options from the configuration.
 * @param broker the URL in place of `mqtt.url`, for the embedded broker, which knows MQTT 3.1.1 only
 * @param env where systemd says in which directory its credentials are
 * @throws FlinchError MQTT_CONFIG where a password, certificate or key file cannot be read
 */
export function linkOptionsOf(
  { mqtt, outbox, device }: Config,
  bootId: string,
  broker?: string,
  env: Environment = process.env,
): LinkOptions {
  const secrets = () => secretsOf(mqtt, env);
  // What cannot be read is said at the start, not at the first connection.
  secrets();
  return {
    url: broker ?? mqtt.url,
    clientId: mqtt.clientId === "" ? `flinch-${device.id}` : mqtt.clientId,
    username: mqtt.username === "" ? undefined : mqtt.username,
    secrets,
    protocolVersion: broker === undefined ? mqtt.protocolVersion : 4,
    keepaliveS: mqtt.keepaliveS,
    connectTimeoutMs: mqtt.connectTimeoutMs,
    reconnectMinMs: mqtt.reconnectMinMs,
    reconnectMaxMs: mqtt.reconnectMaxMs,
    maxPayloadBytes: mqtt.maxPayloadBytes,
    topicPrefix: mqtt.topicPrefix,
    discoveryPrefix: mqtt.discoveryPrefix,
    device: device.id,
    bootId,
    drainPerSecond: outbox.drainPerSecond,
  };
}

/**
 * What the files of the configuration hold now.
 * @param env where systemd says in which directory its credentials are
 * @throws FlinchError MQTT_CONFIG where one cannot be read
 */
export function secretsOf({ passwordFile, tls }: Config["mqtt"], env: Environment = process.env): Secrets {
  const { caFile, certFile, keyFile } = tls;
  const read = (key: string, path: string) => readConfigured(key, path, env);
  return {
    password:
      passwordFile === "" ? undefined : writtenText(read("mqtt.passwordFile", passwordFile)).split(/\r?\n/, 1)[0],
    tls: {
      ...(caFile !== "" && { ca: read("mqtt.tls.caFile", caFile) }),
      ...(certFile !== "" && { cert: read("mqtt.tls.certFile", certFile) }),
      ...(keyFile !== "" && { key: read("mqtt.tls.keyFile", keyFile) }),
    },
  };
}

/**
 * What mqtt.js needs to know of every connection; that it comes back is never left to it.
 * @throws FlinchError MQTT_CONFIG where a file of the secrets cannot be read
 */
export function connectionOf(options: Omit<ConnectionOptions, "protocolVersion">, version: 4 | 5): IClientOptions {
  const { password, tls } = options.secrets();
  return {
    protocolVersion: version,
    clientId: options.clientId,
    ...(options.username !== undefined && { username: options.username }),
    ...(password !== undefined && { password }),
    ...tls,
    keepalive: options.keepaliveS,
    connectTimeout: options.connectTimeoutMs,
    reconnectPeriod: 0,
  };
}

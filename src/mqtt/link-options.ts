import type { Config } from "../config/schema/index.js";
import { writtenText } from "../written-text.js";
import { readConfigured } from "./credentials.js";

/** What the link needs to know; files are read already. */
export interface LinkOptions {
  readonly url: string;
  readonly clientId: string;
  readonly username: string | undefined;
  readonly password: string | undefined;
  readonly protocolVersion: 4 | 5;
  readonly keepaliveS: number;
  readonly connectTimeoutMs: number;
  readonly reconnectMinMs: number;
  readonly reconnectMaxMs: number;
  readonly tls: { readonly ca?: Buffer; readonly cert?: Buffer; readonly key?: Buffer };
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
  env: Readonly<Record<string, string | undefined>> = process.env,
): LinkOptions {
  const { caFile, certFile, keyFile } = mqtt.tls;
  const read = (key: string, path: string) => readConfigured(key, path, env);
  const password =
    mqtt.passwordFile === ""
      ? undefined
      : writtenText(read("mqtt.passwordFile", mqtt.passwordFile)).split(/\r?\n/, 1)[0];
  return {
    url: broker ?? mqtt.url,
    clientId: mqtt.clientId === "" ? `flinch-${device.id}` : mqtt.clientId,
    username: mqtt.username === "" ? undefined : mqtt.username,
    password,
    protocolVersion: broker === undefined ? mqtt.protocolVersion : 4,
    keepaliveS: mqtt.keepaliveS,
    connectTimeoutMs: mqtt.connectTimeoutMs,
    reconnectMinMs: mqtt.reconnectMinMs,
    reconnectMaxMs: mqtt.reconnectMaxMs,
    tls: {
      ...(caFile !== "" && { ca: read("mqtt.tls.caFile", caFile) }),
      ...(certFile !== "" && { cert: read("mqtt.tls.certFile", certFile) }),
      ...(keyFile !== "" && { key: read("mqtt.tls.keyFile", keyFile) }),
    },
    maxPayloadBytes: mqtt.maxPayloadBytes,
    topicPrefix: mqtt.topicPrefix,
    discoveryPrefix: mqtt.discoveryPrefix,
    device: device.id,
    bootId,
    drainPerSecond: outbox.drainPerSecond,
  };
}

import { readFileSync } from "node:fs";
import type { Config } from "../config/schema/index.js";
import { FlinchError, reasonOf } from "../errors.js";

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
  readonly device: string;
  readonly bootId: string;
}

function readConfigured(key: string, path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (thrown) {
    throw new FlinchError("MQTT_CONFIG", `${key}: ${path} cannot be read (${reasonOf(thrown)})`, { cause: thrown });
  }
}

/**
 * The link's options from the configuration.
 * @param broker the URL in place of `mqtt.url`, for the embedded broker, which knows MQTT 3.1.1 only
 * @throws FlinchError MQTT_CONFIG where a password, certificate or key file cannot be read
 */
export function linkOptionsOf({ mqtt, device }: Config, bootId: string, broker?: string): LinkOptions {
  const { caFile, certFile, keyFile } = mqtt.tls;
  const password =
    mqtt.passwordFile === ""
      ? undefined
      : readConfigured("mqtt.passwordFile", mqtt.passwordFile).toString("utf8").split(/\r?\n/, 1)[0];
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
      ...(caFile !== "" && { ca: readConfigured("mqtt.tls.caFile", caFile) }),
      ...(certFile !== "" && { cert: readConfigured("mqtt.tls.certFile", certFile) }),
      ...(keyFile !== "" && { key: readConfigured("mqtt.tls.keyFile", keyFile) }),
    },
    maxPayloadBytes: mqtt.maxPayloadBytes,
    topicPrefix: mqtt.topicPrefix,
    device: device.id,
    bootId,
  };
}

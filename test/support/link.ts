import type { LinkOptions, Secrets } from "../../src/mqtt/link-options.js";

/** Options of a link for tests: it comes back quickly. */
export function linkOptions(url: string, changes: Partial<LinkOptions & Secrets> = {}): LinkOptions {
  const { password, tls = {}, ...others } = changes;
  return {
    url,
    clientId: `flinch-test-${Math.random().toString(36).slice(2)}`,
    username: undefined,
    secrets: () => ({ password, tls }),
    protocolVersion: 5,
    keepaliveS: 5,
    connectTimeoutMs: 2000,
    reconnectMinMs: 30,
    reconnectMaxMs: 120,
    maxPayloadBytes: 65_536,
    topicPrefix: "flinch",
    discoveryPrefix: "homeassistant",
    device: "device",
    bootId: "boot",
    drainPerSecond: 100_000,
    ...others,
  };
}

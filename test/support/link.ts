import type { LinkOptions } from "../../src/mqtt/link-options.js";

/** Options of a link for tests: it comes back quickly. */
export function linkOptions(url: string, changes: Partial<LinkOptions> = {}): LinkOptions {
  return {
    url,
    clientId: `flinch-test-${Math.random().toString(36).slice(2)}`,
    username: undefined,
    password: undefined,
    protocolVersion: 5,
    keepaliveS: 5,
    connectTimeoutMs: 2000,
    reconnectMinMs: 30,
    reconnectMaxMs: 120,
    tls: {},
    maxPayloadBytes: 65_536,
    topicPrefix: "flinch",
    device: "device",
    bootId: "boot",
    ...changes,
  };
}

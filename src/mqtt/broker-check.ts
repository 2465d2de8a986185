import type { State } from "../contract/index.js";
import type { Check, CheckResult } from "../lib/check.js";
import type { LinkOptions } from "./link-options.js";
import { explainNone, isVersionRefusal } from "./refusal.js";
import { Session } from "./session.js";

const ADVICE = "events wait on the disk meanwhile; see docs/mqtt.md";

/**
 * Whether the broker lets this device in and hear its requests. Publishes nothing, and comes with an identifier of its
 * own: it pushes no running daemon out, unless the broker takes the user name for the identifier.
 * @param options throws where a password or certificate cannot be read; undefined for the broker inside Flinch
 */
export function brokerCheck(options: () => LinkOptions | undefined): Check {
  return {
    name: "broker",
    run: async (): Promise<CheckResult> => {
      const given = options();
      if (given === undefined) return { status: "ok", detail: "the one inside Flinch, on loopback only" };
      try {
        return { status: "ok", detail: await visitAs({ ...given, clientId: `${given.clientId}-doctor` }) };
      } catch (thrown) {
        return { status: "warn", detail: `${given.url}: ${explainNone(thrown)}`, advice: ADVICE };
      }
    },
  };
}

/** In the version that is wished for, or the one that every broker speaks. */
async function visitAs(options: LinkOptions): Promise<string> {
  const { protocolVersion } = options;
  try {
    return await visit(options, protocolVersion);
  } catch (thrown) {
    if (protocolVersion === 5 && isVersionRefusal(thrown)) return visit(options, 4);
    throw thrown;
  }
}

async function visit(options: LinkOptions, version: 4 | 5): Promise<string> {
  const session = new Session(options, version);
  try {
    await session.opened;
    await session.subscribe([`${options.topicPrefix}/${options.device}/request/#`], () => undefined);
    const who = options.username === undefined ? "without a user name" : `as ${options.username}`;
    await session.end();
    return `${options.url} lets this device in, ${who}, over MQTT ${version === 5 ? "5" : "3.1.1"}`;
  } finally {
    session.cut();
  }
}

/** How this process's own connection is. */
export function runningBrokerCheck(status: State["broker"]): Check {
  return {
    name: "broker",
    run: async (): Promise<CheckResult> => {
      const { connected, url, protocol, reconnects, takeovers, lastError } = status;
      if (!connected) return { status: "warn", detail: `${url}: ${lastError ?? "not connected yet"}`, advice: ADVICE };
      const detail = `${url}: connected over MQTT ${protocol}, ${reconnects} times anew`;
      if (takeovers.count === 0) return { status: "ok", detail };
      return {
        status: "warn",
        detail: `${detail}; ${takeovers.count} times another client took the connection, the last at ${takeovers.lastAt}`,
        advice: "look for a second device with this device.id, and give each its own",
      };
    },
  };
}

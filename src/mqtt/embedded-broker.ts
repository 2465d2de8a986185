import { createHash, timingSafeEqual } from "node:crypto";
import { createServer } from "node:net";
import { Aedes, type AuthenticateHandler } from "aedes";
import { FlinchError, reasonOf } from "../lib/errors.js";

export interface EmbeddedBroker {
  readonly port: number;
  /** For the link and for whoever subscribes on this machine. */
  readonly url: string;
  /** May be called twice. */
  stop(): Promise<void>;
}

/** Who alone may come in. */
export interface Visitor {
  readonly username: string;
  /** Asked at every attempt. */
  readonly password: () => string | undefined;
}

/**
 * A broker for a first run without one: MQTT 3.1.1 on loopback only, nothing kept over a restart.
 * @param port 0 for any free one
 * @param visitor who alone may come in; undefined for everyone on this machine
 * @throws FlinchError MQTT_CONFIG where the port is taken
 */
export async function startEmbeddedBroker(port: number, visitor?: Visitor): Promise<EmbeddedBroker> {
  const broker = await Aedes.createBroker(visitor === undefined ? {} : { authenticate: only(visitor) });
  const server = createServer(broker.handle);
  try {
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject).listen({ port, host: "127.0.0.1" }, resolve);
    });
  } catch (thrown) {
    await new Promise<void>((resolve) => broker.close(resolve));
    const taken = thrown instanceof Error && "code" in thrown && thrown.code === "EADDRINUSE";
    const problem = taken
      ? `is taken; if that is your broker, set mqtt.url=mqtt://127.0.0.1:${port}, else another port (0 for any)`
      : `cannot be opened (${reasonOf(thrown)})`;
    throw new FlinchError("MQTT_CONFIG", `mqtt.embeddedPort ${port} ${problem}`, { cause: thrown });
  }
  const address = server.address();
  const chosen = typeof address === "object" && address !== null ? address.port : port;
  let stopped: Promise<void> | undefined;
  const stop = async () => {
    await new Promise<void>((resolve) => broker.close(resolve));
    await new Promise<void>((resolve) => server.close(() => resolve()));
  };
  return {
    port: chosen,
    url: `mqtt://127.0.0.1:${chosen}`,
    stop: () => {
      stopped ??= stop();
      return stopped;
    },
  };
}

function only(visitor: Visitor): AuthenticateHandler {
  const digest = (text: string) => createHash("sha256").update(text).digest();
  const same = (given: string, right: string) => timingSafeEqual(digest(given), digest(right));
  return (_client, username, password, done) => {
    try {
      const named = same(username ?? "", visitor.username);
      const proved = same(password?.toString() ?? "", visitor.password() ?? "");
      // MQTT 3.1.1, 3.2.2.3: 4 is a bad user name or password.
      if (named && proved) done(null, true);
      else done(Object.assign(new Error("bad user name or password"), { returnCode: 4 }), false);
    } catch (thrown) {
      done(Object.assign(new Error(reasonOf(thrown)), { returnCode: 3 }), false);
    }
  };
}

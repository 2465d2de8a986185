import { createServer } from "node:net";
import { Aedes } from "aedes";
import { FlinchError, reasonOf } from "../errors.js";

export interface EmbeddedBroker {
  readonly port: number;
  /** For the link and for whoever subscribes on this machine. */
  readonly url: string;
  /** May be called twice. */
  stop(): Promise<void>;
}

/**
 * A broker for a first run without one: MQTT 3.1.1 on loopback only, nothing kept over a restart.
 * @param port 0 for any free one
 * @throws FlinchError MQTT_CONFIG where the port is taken
 */
export async function startEmbeddedBroker(port: number): Promise<EmbeddedBroker> {
  const broker = await Aedes.createBroker();
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

import { fastify } from "fastify";
import { listenAddressText } from "../lib/listen-address.js";
import { listenOn } from "../lib/listen-on.js";
import type { Metrics } from "./metrics.js";
import { metricsPlugin } from "./plugin.js";

export interface MetricsServer {
  /** Where it listens, as ADDRESS:PORT, with the port that was found for 0. */
  readonly address: string;
  /** Ends every connection. May be called twice. */
  close(): Promise<void>;
}

interface ServerLog {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
}

/**
 * Serves the metrics, and health and readiness, over HTTP.
 * @param listen as the key `metrics.listen`: ADDRESS:PORT
 * @throws FlinchError CONFIG_INVALID for an address that is none, METRICS_UNAVAILABLE where it cannot be listened on
 */
export async function serveMetrics(listen: string, metrics: Metrics, log: ServerLog): Promise<MetricsServer> {
  // A scraper keeps its connection: it must not keep the daemon from ending.
  const app = fastify({ forceCloseConnections: true, requestTimeout: 10_000, bodyLimit: 1024 });
  app.addHook("onError", async (request, _reply, err) => log.warn({ err, url: request.url }, "metrics: no answer"));
  app.register(metricsPlugin(metrics));
  const address = listenAddressText(await listenOn(app, "metrics.listen", listen, "METRICS_UNAVAILABLE"));
  log.info({ address }, "metrics: listening");
  return { address, close: async () => app.close() };
}

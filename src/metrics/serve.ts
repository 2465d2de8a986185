import { fastify } from "fastify";
import { FlinchError, reasonOf } from "../lib/errors.js";
import { LISTEN_ALLOWED, listenAddressText, parseListenAddress } from "../lib/listen-address.js";
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

const WHY: Readonly<Record<string, string>> = {
  EADDRINUSE: "is taken by another process; set another port, or 0 for any free one",
  EADDRNOTAVAIL: "is no address of this machine; set one of its own, or 0.0.0.0 for all",
  EACCES: "may not be opened by this user; set a port above 1023",
};

/**
 * Serves the metrics, and health and readiness, over HTTP.
 * @param listen as the key `metrics.listen`: ADDRESS:PORT
 * @throws FlinchError CONFIG_INVALID for an address that is none, METRICS_UNAVAILABLE where it cannot be listened on
 */
export async function serveMetrics(listen: string, metrics: Metrics, log: ServerLog): Promise<MetricsServer> {
  const wanted = parseListenAddress(listen);
  if (wanted === undefined)
    throw new FlinchError("CONFIG_INVALID", `metrics.listen '${listen}' must be ${LISTEN_ALLOWED}`);
  // A scraper keeps its connection: it must not keep the daemon from ending.
  const app = fastify({ forceCloseConnections: true, requestTimeout: 10_000, bodyLimit: 1024 });
  app.addHook("onError", async (request, _reply, err) => log.warn({ err, url: request.url }, "metrics: no answer"));
  app.register(metricsPlugin(metrics));
  try {
    await app.listen(wanted);
  } catch (thrown) {
    await app.close();
    const code = thrown instanceof Error && "code" in thrown ? String(thrown.code) : "";
    const why = WHY[code] ?? `cannot be opened (${reasonOf(thrown)})`;
    throw new FlinchError("METRICS_UNAVAILABLE", `metrics.listen ${listen} ${why}`, { cause: thrown });
  }
  const bound = app.server.address();
  const address = listenAddressText({
    host: wanted.host,
    port: typeof bound === "object" && bound !== null ? bound.port : wanted.port,
  });
  log.info({ address }, "metrics: listening");
  return { address, close: async () => app.close() };
}

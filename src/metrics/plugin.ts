import type { FastifyPluginCallback, FastifyReply } from "fastify";
import type { Metrics } from "./metrics.js";

/** 200 where there is no reason against it, else 503 with the reasons as JSON. */
function answer(reply: FastifyReply, reasons: readonly string[]): FastifyReply {
  const good = reasons.length === 0;
  return reply
    .code(good ? 200 : 503)
    .header("cache-control", "no-store")
    .send({ status: good ? "ok" : "unavailable", reasons });
}

/**
 * GET /metrics in Prometheus' text format; GET /healthz, 200 while event loop and pipeline work; GET /readyz, 200 while
 * events can be had. The last two answer 503 with `reasons`. No password is asked for: whoever mounts it decides that.
 */
export function metricsPlugin(metrics: Metrics): FastifyPluginCallback {
  return (app, _options, done) => {
    app.get("/metrics", async (_request, reply) => {
      const text = await metrics.text();
      return reply.header("cache-control", "no-store").header("content-type", metrics.contentType).send(text);
    });
    app.get("/healthz", async (_request, reply) => answer(reply, metrics.unhealthy()));
    app.get("/readyz", async (_request, reply) => answer(reply, metrics.notReady()));
    done();
  };
}

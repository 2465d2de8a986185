import t, { type Test } from "tap";
import type { State } from "../../src/contract/index.js";
import { progressSince } from "../../src/device/index.js";
import { ProgressWatch } from "../../src/metrics/health.js";
import { type Metrics, serveMetrics } from "../../src/metrics/index.js";
import { Logs } from "../support/logs.js";
import { sampleState } from "../support/state.js";
import { metricsOf } from "./support/metrics.js";

/** Asks the real server. */
async function served(t: Test, metrics: Metrics) {
  const server = await serveMetrics("127.0.0.1:0", metrics, new Logs());
  t.teardown(() => server.close());
  return async (path: string) => {
    const response = await fetch(`http://${server.address}${path}`);
    return { status: response.status, body: await response.text(), type: response.headers.get("content-type") };
  };
}

t.test("healthy while everything that is owed moves, however often it is asked", async (t) => {
  let nowMs = 0;
  let done = 0;
  const work = { frames: { done: 0, inHand: 1 }, clips: { done: 0, inHand: 0 }, source: "streaming" as const };
  const progress = progressSince(() => ({ ...work, frames: { done, inHand: 1 } }));
  const watch = new ProgressWatch({ progress, now: () => nowMs });
  t.teardown(() => watch.stop());
  const after = (ms: number, frames: number) => {
    nowMs += ms;
    done += frames;
    watch.look();
    return watch.stalledS;
  };
  t.equal(after(2000, 60), undefined);
  t.equal(after(1, 0), undefined, "asked again before the next frame");
  t.equal(after(10_000, 0), undefined, "a short stop");
  t.equal(after(10_000, 0), 20);
  t.equal(after(2000, 1), undefined, "it moves again");
});

t.test("a pipeline that hangs is told by /healthz, with the reason", async (t) => {
  let nowMs = 0;
  const get = await served(t, metricsOf(t, { progress: () => false, now: () => nowMs }));
  t.same(await get("/healthz"), {
    status: 200,
    body: '{"status":"ok","reasons":[]}',
    type: "application/json; charset=utf-8",
  });
  nowMs = 60_000;
  const { status, body } = await get("/healthz");
  t.equal(status, 503);
  t.same(JSON.parse(body), {
    status: "unavailable",
    reasons: ["no frame or clip has come out of the pipeline for 60 s"],
  });
});

t.test("ready while events can be had, or nothing is watched on purpose", async (t) => {
  let state: State = sampleState;
  const get = await served(t, metricsOf(t, { state: () => state }));
  const reasonsWith = async (changes: {
    source?: Partial<State["source"]>;
    broker?: Partial<State["broker"]>;
    events?: Partial<State["events"]>;
  }) => {
    state = {
      ...sampleState,
      source: { ...sampleState.source, ...changes.source },
      broker: { ...sampleState.broker, ...changes.broker },
      events: { ...sampleState.events, ...changes.events },
    };
    const { status, body } = await get("/readyz");
    const { reasons } = JSON.parse(body) as { reasons: string[] };
    t.equal(status, reasons.length === 0 ? 200 : 503);
    return reasons;
  };
  t.same(await reasonsWith({}), []);
  t.same(await reasonsWith({ source: { status: "paused" } }), []);
  t.same(await reasonsWith({ broker: { connected: false } }), [], "the outbox takes events");
  t.same(await reasonsWith({ events: { lastError: "disk full" } }), [], "the broker takes them");
  for (const status of ["opening", "lost", "frozen", "ended"] as const)
    t.same(await reasonsWith({ source: { status, lastError: "rtsp://camera" } }), [`the source is ${status}`]);
  t.same(await reasonsWith({ broker: { connected: false }, events: { lastError: "disk full" } }), [
    "the broker is not connected, and the disk does not take events",
  ]);
});

t.test("/metrics has its media type; nothing else is served", async (t) => {
  const metrics = metricsOf(t);
  const get = await served(t, metrics);
  const { status, type, body } = await get("/metrics");
  t.equal(status, 200);
  t.equal(type, metrics.contentType);
  t.match(body, /^flinch_uptime_seconds\{device="room-1"\} 1.5$/m);
  t.equal((await get("/")).status, 404);
});

t.test("an address that cannot be listened on is refused by name", async (t) => {
  const metrics = metricsOf(t);
  const first = await serveMetrics("127.0.0.1:0", metrics, new Logs());
  t.teardown(() => first.close());
  await t.rejects(serveMetrics(first.address, metrics, new Logs()), {
    code: "METRICS_UNAVAILABLE",
    message: new RegExp(`^metrics.listen ${first.address} is taken by another process; set another port`),
  });
  await t.rejects(serveMetrics("192.0.2.1:0", metrics, new Logs()), {
    code: "METRICS_UNAVAILABLE",
    message: /^metrics.listen 192.0.2.1:0 is no address of this machine/,
  });
  await t.rejects(serveMetrics("9321", metrics, new Logs()), {
    code: "CONFIG_INVALID",
    message: /^metrics.listen '9321' must be ADDRESS:PORT/,
  });
});

t.test("a connection that is kept does not keep the server from closing", async (t) => {
  const server = await serveMetrics("127.0.0.1:0", metricsOf(t), new Logs());
  await (await fetch(`http://${server.address}/healthz`)).text();
  await server.close();
  await server.close();
  await t.rejects(fetch(`http://${server.address}/healthz`));
});

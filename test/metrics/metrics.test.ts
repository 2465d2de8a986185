import t from "tap";
import { metrics as metricsKeys } from "../../src/config/schema/metrics.js";
import type { State } from "../../src/contract/index.js";
import { ClockSteps } from "../../src/lib/clock-steps.js";
import { listenAddressText, parseListenAddress } from "../../src/lib/listen-address.js";
import { sampleEvent } from "../support/event.js";
import { sampleState } from "../support/state.js";
import { metricsOf, valueIn } from "./support/metrics.js";

t.test("a scrape says what state says, in base units", async (t) => {
  const text = await metricsOf(t).text();
  const value = (name: string, ...labels: string[]) => valueIn(text, name, 'device="room-1"', ...labels);
  t.equal(value("flinch_frames_captured_total"), 5);
  t.equal(value("flinch_frames_left_out_total"), 7);
  t.equal(value("flinch_judged_seconds_total"), 58.4);
  t.equal(value("flinch_not_judged_seconds_total", 'reason="settling_in"'), 1.6);
  t.equal(value("flinch_not_judged_seconds_total", 'reason="dark"'), 0, "counted from 0");
  t.equal(value("flinch_movements_without_event_total", 'reason="blink"'), 3);
  t.equal(value("flinch_movements_without_event_total", 'reason="low_confidence"'), 0);
  t.equal(value("flinch_outbox_oldest_age_seconds"), 4.5);
  t.equal(value("flinch_broker_accept_p95_seconds"), 0.002);
  t.equal(value("flinch_source_status", 'status="streaming"'), 1);
  t.equal(value("flinch_source_status", 'status="lost"'), 0);
  t.equal(value("flinch_load_step", 'step="every_second_frame"'), 1);
  t.equal(value("flinch_board_temperature_celsius", 'zone="cpu"'), 99.5);
  t.equal(value("flinch_board_memory_total_bytes"), 8e9);
  t.equal(value("flinch_board_throttled"), 1);
  t.equal(value("flinch_session_open"), 1);
});

t.test("what the device does not know is missing, and no number", async (t) => {
  let state: State = sampleState;
  const metrics = metricsOf(t, { state: () => state });
  const before = await metrics.text();
  t.equal(valueIn(before, "flinch_board_temperature_celsius", 'zone="gpu"'), undefined);
  t.equal(valueIn(before, "flinch_board_power_watts"), undefined);
  t.equal(valueIn(before, "flinch_board_headroom_celsius"), -0.5);
  state = { ...sampleState, board: null, events: { ...sampleState.events, oldestS: null } };
  const after = await metrics.text();
  t.equal(valueIn(after, "flinch_board_headroom_celsius"), undefined, "nor is the last one kept");
  t.equal(valueIn(after, "flinch_outbox_oldest_age_seconds"), undefined);
  state = { ...state, events: { ...state.events, pending: 0 } };
  t.equal(valueIn(await metrics.text(), "flinch_outbox_oldest_age_seconds"), 0);
});

t.test("state is asked once a scrape", async (t) => {
  let asked = 0;
  const metrics = metricsOf(t, {
    state: () => {
      asked++;
      return sampleState;
    },
  });
  await metrics.text();
  t.equal(asked, 1);
});

t.test("a counter that begins anew with the pipeline is told as it is", async (t) => {
  let captured = 100;
  const metrics = metricsOf(t, { state: () => ({ ...sampleState, source: { ...sampleState.source, captured } }) });
  const told = async () => valueIn(await metrics.text(), "flinch_frames_captured_total");
  t.equal(await told(), 100);
  captured = 3;
  t.equal(await told(), 3);
});

t.test("an event is counted under the class that it names, and no other word gets in", async (t) => {
  const metrics = metricsOf(t, { classes: ["surprise", "anger"] });
  const { label: _, confidence: __, probabilities: ___, valence: ____, ...rest } = sampleEvent();
  metrics.event(sampleEvent());
  metrics.event({ ...sampleEvent(), label: "of a model that nobody announced" });
  metrics.event({ ...rest, report: "motion" });
  const text = await metrics.text();
  const count = (name: string) => valueIn(text, "flinch_events_raised_total", `class="${name}"`);
  t.strictSame(["surprise", "anger", "other", "untold"].map(count), [1, 0, 1, 1]);
  t.notMatch(text, /nobody announced/);
  t.equal(valueIn(text, "flinch_event_latency_seconds_count"), 3);
  t.equal(valueIn(text, "flinch_event_latency_seconds_bucket", 'le="0.05"'), 3, "40 ms");
});

t.test("a movement that the spotter refused is no candidate", async (t) => {
  const metrics = metricsOf(t);
  for (const verdict of ["blink", "too_long", "event", "low_confidence", "no_session", "clip_lost"] as const)
    metrics.movement(verdict);
  t.equal(valueIn(await metrics.text(), "flinch_candidates_total"), 4);
});

t.test("stages are told in seconds, each from the start on", async (t) => {
  const metrics = metricsOf(t);
  metrics.stage("face", 0.4);
  metrics.stage("face", 3);
  const text = await metrics.text();
  const bucket = (stage: string, le: string) =>
    valueIn(text, "flinch_stage_duration_seconds_bucket", `stage="${stage}"`, `le="${le}"`);
  t.equal(bucket("face", "0.0005"), 1);
  t.equal(bucket("face", "0.005"), 2);
  t.equal(bucket("hsta", "+Inf"), 0);
});

t.test("nothing says who was seen, why, or from where", async (t) => {
  const text = await metricsOf(t, {
    state: () => ({
      ...sampleState,
      source: { ...sampleState.source, description: "secret source", lastError: "secret source error" },
      session: { id: "secret session", startedAt: "2024-01-01T00:00:00.000Z" },
      broker: { ...sampleState.broker, url: "mqtt://secret", lastError: "secret broker error" },
    }),
  }).text();
  t.notMatch(text, /secret/);
});

t.test("a wall clock that is set is counted, and one that only drifts is not", async (t) => {
  let wall = 1e12;
  let mono = 0;
  const steps: number[] = [];
  const options = { now: () => mono, wallNow: () => wall };
  const metrics = metricsOf(t, { ...options, onClockStep: (ms) => steps.push(ms) });
  mono += 5000;
  wall += 5400;
  t.equal(valueIn(await metrics.text(), "flinch_clock_steps_total"), 0);
  mono += 5000;
  wall += 5000 - 3_600_000;
  const text = await metrics.text();
  t.equal(valueIn(text, "flinch_clock_steps_total"), 1);
  t.equal(valueIn(text, "flinch_clock_last_step_seconds"), -3600);
  t.equal(valueIn(await metrics.text(), "flinch_clock_steps_total"), 1, "once");
  t.strictSame(steps, [-3_600_000]);
  t.equal(valueIn(text, "flinch_time_seconds"), wall / 1000);
});

t.test("the clock is looked at without anybody scraping", async (t) => {
  let off = 0;
  const step = new Promise<number>((resolve) => {
    const clock = new ClockSteps({ onStep: resolve, everyMs: 5, wallNow: () => Date.now() + off });
    t.teardown(() => clock.stop());
  });
  off = 60_000;
  // The timer keeps no process alive, and so not this one either.
  const alive = setInterval(() => undefined, 1000);
  t.equal(Math.round((await step) / 1000), 60);
  clearInterval(alive);
});

t.test("an address to listen on", async (t) => {
  const good = ["127.0.0.1:9321", "0.0.0.0:0", "[::1]:9321", "[::]:65535", "localhost:1"];
  for (const text of good) {
    const address = parseListenAddress(text);
    t.equal(address && listenAddressText(address), text);
    t.ok(metricsKeys.listen.accepts(text));
  }
  const bad = ["9321", ":9321", "127.0.0.1", "127.0.0.1:65536", "::1:9321", "[::1]", "broker.local:1", "1.2.3:4", " "];
  for (const text of bad) {
    t.equal(parseListenAddress(text), undefined, text);
    t.notOk(metricsKeys.listen.accepts(text), text);
  }
  t.ok(metricsKeys.listen.accepts(""), "off");
});

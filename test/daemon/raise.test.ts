import { join } from "node:path";
import t, { type Test } from "tap";
import { ConfigInForce, loadConfig } from "../../src/config/index.js";
import type { OutboundEvent } from "../../src/contract/outbound.js";
import { Counters } from "../../src/daemon/counters.js";
import { raise, suppress } from "../../src/daemon/raise.js";
import { StreamClock } from "../../src/daemon/stream-clock.js";
import { createLog } from "../../src/lib/log.js";
import { SessionStore } from "../../src/sessions/index.js";
import { sampleEvent } from "../support/event.js";
import { openOutbox } from "../support/outbox.js";

const T0 = Date.parse("2024-01-01T10:00:00.000Z");

/** What raises events, with all that it needs, of a daemon that demands a session. */
async function raising(t: Test) {
  const dir = t.testdir();
  const outbox = await openOutbox(join(dir, "outbox"));
  const sessions = await SessionStore.open({
    directory: join(dir, "state"),
    maxHours: () => 8,
    log: createLog("silent"),
    defaults: () => ({ room: "room", purpose: "purpose" }),
    onEnd: async () => undefined,
    source: () => undefined,
    now: () => T0,
  });
  t.teardown(() => Promise.all([outbox.close(), sessions.close()]));
  const inForce = new ConfigInForce(loadConfig({ argv: ["--privacy.requireSession", "--device.room=Here"] }).config);
  const parts = {
    bootId: "boot",
    inForce,
    outbox,
    sessions,
    counters: new Counters(),
    clock: new StreamClock(),
    log: createLog("silent"),
  };
  const events = async () => {
    const found: OutboundEvent[] = [];
    for await (const { event } of outbox.pending()) found.push(event);
    return found;
  };
  return { parts, events };
}

/** A movement at a time of the stream. */
const movementAt = (onsetMs: number) => ({ ...sampleEvent(), onsetMs, apexMs: onsetMs + 90, offsetMs: onsetMs + 200 });

t.test("a movement belongs to the session in which it began by the wall clock, or raises no event", async (t) => {
  const { parts, events } = await raising(t);
  const { counters, clock, sessions } = parts;
  const { id } = await sessions.start({ subject: "P-17", consent: "form/17" });
  clock.frame({ timeMs: 5000, wallMs: T0 });
  await raise(movementAt(4900), "cpu", parts);
  t.match(counters.read(), { raised: 0, suppressed: { no_session: 1 } });
  await raise(movementAt(5100), "cpu", parts);
  t.match(counters.read(), { raised: 1, suppressed: { no_session: 1 } });
  t.match(await events(), [{ session: id, onsetAt: "2024-01-01T10:00:00.100Z", sequence: 1, bootId: "boot" }]);
  const { events: counted, labels, suppressed } = await sessions.stop();
  t.same({ counted, labels, suppressed }, { counted: 1, labels: { surprise: 1 }, suppressed: { no_session: 1 } });
});

t.test("the wall clock is that of the last frame, also where somebody sets it", async (t) => {
  const { parts, events } = await raising(t);
  await parts.sessions.start({ subject: "P-17", consent: "form/17" });
  for (const [timeMs, wallMs] of [
    [1000, T0],
    [1040, T0 + 3_600_040],
  ] as const) {
    parts.clock.frame({ timeMs, wallMs });
    await raise(movementAt(timeMs), "cpu", parts);
  }
  const at = (await events()).map((event) => ("onsetAt" in event ? event.onsetAt : event.schema));
  t.same(at, ["2024-01-01T10:00:00.000Z", "2024-01-01T11:00:00.040Z"]);
});

t.test("process and session count what raises no event, by its reason", async (t) => {
  const { parts } = await raising(t);
  suppress("blink", parts);
  await parts.sessions.start({ subject: "P-17", consent: "form/17" });
  suppress("blink", parts);
  suppress("none", parts);
  t.same(parts.counters.read().suppressed, { blink: 2, none: 1 });
  t.same((await parts.sessions.stop()).suppressed, { blink: 1, none: 1 });
});

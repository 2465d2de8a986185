import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { connectAsync } from "mqtt";
import t from "tap";
import { MqttLink } from "../../src/mqtt/index.js";
import { sampleEvent } from "../support/event.js";
import { linkOptions } from "../support/link.js";
import { Logs, until } from "../support/logs.js";
import { type Message, Mosquitto, Subscriber } from "../support/mosquitto.js";
import { openOutbox } from "../support/outbox.js";
import { conforms } from "../support/schemas.js";

const isEvent = ({ topic }: Message) => topic === "flinch/device/event/micro_expression";

for (const protocolVersion of [5, 4] as const) {
  t.test(`an event reaches a subscriber, in MQTT version ${protocolVersion}`, async (t) => {
    const broker = await Mosquitto.start();
    t.teardown(() => broker.stop());
    const outbox = await openOutbox(t.testdir());
    await outbox.append(sampleEvent);
    const subscriber = new Subscriber(broker.port);
    t.teardown(() => subscriber.close());
    const link = new MqttLink(linkOptions(broker.url, { protocolVersion }), new Logs());
    t.teardown(() => link.stop());
    link.offerEvents(outbox);
    await subscriber.ready();
    link.start();
    await until(() => outbox.stats().pending === 0);
    await outbox.append(sampleEvent);
    const second = await subscriber.message((message) => isEvent(message) && message.payload["sequence"] === 2);
    t.equal(conforms("micro_expression", second.payload), "");
    t.equal(second.contentType, protocolVersion === 5 ? "application/json" : "");
    t.equal(second.retained, false);
    t.match((await subscriber.message(isEvent)).payload, { sequence: 1, id: sampleEvent(1).id });
    await until(() => outbox.stats().pending === 0);
    t.match(link.status(), { published: 2, protocol: protocolVersion === 5 ? "5" : "3.1.1" });
    t.ok(link.status().acceptMs.p95 > 0);
  });
}

t.test("what is sent is what was stored, to the byte", async (t) => {
  const broker = await Mosquitto.start();
  t.teardown(() => broker.stop());
  const directory = t.testdir();
  const stored = JSON.stringify(sampleEvent(1), undefined, 1);
  writeFileSync(join(directory, "000000000000001.json"), stored);
  const outbox = await openOutbox(directory);
  const client = await connectAsync(broker.url);
  t.teardown(() => client.endAsync());
  const received: string[] = [];
  client.on("message", (_topic, payload) => received.push(payload.toString()));
  await client.subscribeAsync("flinch/device/event/#", { qos: 1 });
  const link = new MqttLink(linkOptions(broker.url), new Logs());
  t.teardown(() => link.stop());
  link.offerEvents(outbox);
  link.start();
  await until(() => received.length > 0);
  t.strictSame(received, [stored]);
});

t.test("a broker that goes away mid-stream, again and again, loses nothing", async (t) => {
  // What the broker has acknowledged but not handed over is the broker's to keep: it saves that when it is terminated.
  const settings = ["allow_anonymous true", "persistence true", "persistence_location DIR/"];
  const broker = await Mosquitto.start(settings);
  t.teardown(() => broker.stop());
  const outbox = await openOutbox(t.testdir());
  const session = ["-i", "subscriber", "-x", "3600", "-c"];
  const subscriber = new Subscriber(broker.port, "flinch/device/event/#", session);
  t.teardown(() => subscriber.close());
  const link = new MqttLink(linkOptions(broker.url), new Logs());
  t.teardown(() => link.stop());
  link.offerEvents(outbox);
  await subscriber.ready();
  link.start();
  await until(() => link.status().connected);
  const total = 120;
  for (let count = 1; count <= total; count++) {
    await outbox.append(sampleEvent);
    // An append does not let go of the event loop, and the broker should get some in between.
    await sleep(1);
    if (count % 40 === 0) {
      await broker.terminate();
      await sleep(100);
      await outbox.append(sampleEvent);
      await broker.run();
    }
  }
  const all = total + 3;
  await until(() => outbox.stats().pending === 0, 20_000);
  await until(() => new Set(subscriber.messages.map(({ payload }) => payload["id"])).size === all, 20_000);
  t.equal(outbox.stats().appended, all);
  const known = subscriber.messages.map(({ payload }) => Number(payload["sequence"]));
  const firsts = known.filter((sequence, index) => known.indexOf(sequence) === index);
  t.strictSame(
    firsts,
    [...firsts].sort((a, b) => a - b),
    "in order, repetitions aside",
  );
  t.ok(link.status().reconnects >= 1);
});

t.test("events that a broker refuses stay in the outbox until it takes them", async (t) => {
  const acl = ["topic write flinch/device/availability", "topic read #"].join("\n");
  const broker = await Mosquitto.start(["allow_anonymous true", "acl_file DIR/acl"], { acl });
  t.teardown(() => broker.stop());
  const outbox = await openOutbox(t.testdir());
  await outbox.append(sampleEvent);
  const logger = new Logs();
  const link = new MqttLink(linkOptions(broker.url), logger);
  t.teardown(() => link.stop());
  link.offerEvents(outbox);
  link.start();
  await until(() => logger.count(/^warn events stay in the outbox for now: .*Not authorized/) > 0);
  t.equal(outbox.stats().pending, 1);
  t.equal(link.status().connected, true);
});

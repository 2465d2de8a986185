import { connectAsync } from "mqtt";
import t from "tap";
import { type Inbound, MqttLink } from "../../src/mqtt/index.js";
import { matches } from "../../src/mqtt/subscription.js";
import { linkOptions } from "../support/link.js";
import { Logs, until } from "../support/logs.js";
import { Mosquitto, Subscriber } from "../support/mosquitto.js";

t.test("filters take in what MQTT says they do", async (t) => {
  for (const [filter, topic, taken] of [
    ["a/b", "a/b", true],
    ["a/b", "a/b/c", false],
    ["a/b/c", "a/b", false],
    ["a/+/c", "a/b/c", true],
    ["a/+", "a/b/c", false],
    ["a/#", "a/b/c", true],
    ["a/#", "a", true],
    ["#", "a/b", true],
    ["a/+", "a", false],
  ] as const) {
    t.equal(matches(filter, topic), taken, `${filter} ${topic}`);
  }
});

t.test("a payload longer than allowed is told of, and not handed on", async (t) => {
  const broker = await Mosquitto.start();
  t.teardown(() => broker.stop());
  const sender = await connectAsync(broker.url, { reconnectPeriod: 50 });
  t.teardown(() => sender.end(true));
  const logs = new Logs();
  const link = new MqttLink(linkOptions(broker.url, { maxPayloadBytes: 1024 }), logs);
  t.teardown(() => link.stop());
  const came: number[] = [];
  const refused: number[] = [];
  link.subscribe({
    filter: "flinch/device/request/#",
    onMessage: ({ payload }) => void came.push(payload.length),
    onTooLong: (_, bytes) => void refused.push(bytes),
  });
  link.start();
  await sender.publishAsync("flinch/device/request/a", Buffer.alloc(1024), { qos: 1, retain: true });
  await sender.publishAsync("flinch/device/request/b", Buffer.alloc(1025), { qos: 1, retain: true });
  await until(() => came.length + refused.length >= 2);
  t.same([new Set(came), new Set(refused)], [new Set([1024]), new Set([1025])]);
  t.ok(logs.count(/longer than mqtt\.maxPayloadBytes/) > 0);
});

for (const protocolVersion of [5, 4] as const) {
  t.test(`what is sent to a device reaches it, on every connection: MQTT ${protocolVersion}`, async (t) => {
    const broker = await Mosquitto.start();
    t.teardown(() => broker.stop());
    const subscriber = new Subscriber(broker.port, "answers/#");
    t.teardown(() => subscriber.close());
    await subscriber.ready();
    const sender = await connectAsync(broker.url, { reconnectPeriod: 50 });
    t.teardown(() => sender.end(true));
    const link = new MqttLink(linkOptions(broker.url, { protocolVersion }), new Logs());
    t.teardown(() => link.stop());
    const came: Inbound[] = [];
    await t.rejects(link.answer("answers/1", {}), /no connection/);
    link.subscribe({ filter: "flinch/device/request/#", onMessage: (message) => void came.push(message) });
    link.start();
    await until(() => link.status().connected);
    // Sent again until it comes: the subscription is granted some time after the connection.
    const arrives = (count: number) =>
      until(async () => {
        sender.publish("flinch/device/request/status", "{}", { qos: 1 });
        return came.length > count;
      });
    await arrives(0);
    t.match(came[0], { name: "request/status", retained: false });
    t.equal(came[0]?.payload.toString(), "{}");
    await link.answer("answers/1", { ok: true });
    t.match(await subscriber.message(({ topic }) => topic === "answers/1"), { payload: { ok: true } });

    await broker.kill();
    await until(() => !link.status().connected);
    const before = came.length;
    await broker.run();
    await until(() => link.status().connected);
    await arrives(before);
  });
}

import { execFile } from "node:child_process";
import { promisify } from "node:util";
import fc from "fast-check";
import { connectAsync, type MqttClient } from "mqtt";
import t, { type Test } from "tap";
import { MqttLink } from "../../../src/mqtt/index.js";
import { Dispatcher, requestKinds } from "../../../src/mqtt/requests/index.js";
import { fakeControls } from "../../support/controls.js";
import { linkOptions } from "../../support/link.js";
import { Logs, until } from "../../support/logs.js";
import { Mosquitto, Subscriber } from "../../support/mosquitto.js";
import { conforms } from "../../support/schemas.js";

/** A link that answers requests, at a real broker, and somebody who asks. */
async function device(t: Test, protocolVersion: 4 | 5, ...broking: Parameters<typeof Mosquitto.start>) {
  const broker = await Mosquitto.start(...broking);
  t.teardown(() => broker.stop());
  const log = new Logs();
  const link = new MqttLink(linkOptions(broker.url, { protocolVersion }), log);
  t.teardown(() => link.stop());
  const controls = fakeControls();
  const dispatcher = new Dispatcher({
    kinds: requestKinds(controls),
    ownTopics: "flinch/device/",
    bootId: "boot",
    answer: (...said) => link.answer(...said),
    log,
  });
  link.subscribe({ filter: "flinch/device/request/#", onMessage: (message) => dispatcher.take(message) });
  const subscriber = new Subscriber(broker.port, "flinch/device/response/#");
  t.teardown(() => subscriber.close());
  await subscriber.ready();
  const asker = await connectAsync(broker.url, { protocolVersion });
  t.teardown(() => asker.end(true));
  return { broker, link, controls, subscriber, asker, log };
}

/** Waits until the device hears: its subscription is granted some time after the connection. */
async function listening(link: MqttLink, asker: MqttClient, subscriber: Subscriber): Promise<void> {
  link.start();
  await until(async () => {
    await asker.publishAsync("flinch/device/request/status", '{"transaction":"hello"}', { qos: 1 });
    return subscriber.messages.some(({ topic }) => topic === "flinch/device/response/status");
  }, 60_000);
}

for (const version of [5, 4] as const) {
  t.test(`requests are answered through a broker: MQTT ${version}`, async (t) => {
    const { link, controls, subscriber, asker } = await device(t, version);
    await listening(link, asker, subscriber);
    await asker.publishAsync("flinch/device/request/restart", '{"transaction":"1"}', { qos: 1 });
    const { topic, payload, retained } = await subscriber.message(({ payload }) => payload["transaction"] === "1");
    t.same([topic, retained], ["flinch/device/response/restart", false]);
    t.match(payload, { status: "ok", request: "restart", data: { scope: "process" } });
    t.equal(conforms("response", payload), "");
    await until(() => controls.done.includes("process"));
    await asker.publishAsync("flinch/device/request/no/such/thing", "{", { qos: 1 });
    const unknown = await subscriber.message(({ topic }) => topic === "flinch/device/response/no/such/thing");
    t.match(unknown.payload, { status: "error", error: { code: "REQUEST_UNKNOWN" } });
    await asker.publishAsync("flinch/device/request", "{}", { qos: 1 });
    await subscriber.message(({ topic }) => topic === "flinch/device/response");
  });

  t.test(`what is retained is never done, not at any connection: MQTT ${version}`, async (t) => {
    const { link, controls, subscriber, asker, log } = await device(t, version);
    await asker.publishAsync("flinch/device/request/restart", '{"transaction":"r"}', { qos: 1, retain: true });
    await listening(link, asker, subscriber);
    await until(() => log.count(/a retained request is ignored/) > 0);
    t.same(controls.done, []);
    t.notOk(subscriber.messages.some(({ topic }) => topic === "flinch/device/response/restart"));
  });
}

t.test("a retained request with a response topic that no one may publish to ends no connection", async (t) => {
  const { link, subscriber, asker, log } = await device(t, 5);
  for (const retain of [true, false]) {
    const properties = { responseTopic: "a/#" };
    await asker.publishAsync("flinch/device/request/status", '{"transaction":"x"}', { qos: 1, retain, properties });
  }
  await listening(link, asker, subscriber);
  const properties = { responseTopic: "a/#" };
  await asker.publishAsync("flinch/device/request/status", '{"transaction":"live"}', { qos: 1, properties });
  const { topic } = await subscriber.message(({ payload }) => payload["transaction"] === "live");
  t.equal(topic, "flinch/device/response/status");
  t.equal(log.count(/connection .*(closed|lost)/), 0);
});

t.test("MQTT 5: the answer goes to the response topic, with the correlation data", async (t) => {
  const { link, subscriber, asker } = await device(t, 5);
  await listening(link, asker, subscriber);
  await asker.subscribeAsync("flinch/device/response/asker", { qos: 1 });
  const came = new Promise<Buffer | undefined>((resolve) => {
    asker.on("message", (topic, _, packet) => {
      if (topic === "flinch/device/response/asker") resolve(packet.properties?.correlationData);
    });
  });
  const correlationData = Buffer.from("it is me");
  const properties = { responseTopic: "flinch/device/response/asker", correlationData };
  await asker.publishAsync("flinch/device/request/status", "{}", { qos: 1, properties });
  t.same(await came, correlationData);
});

t.test("mosquitto_rr asks and is answered, as the documentation shows it", async (t) => {
  const { broker, link, subscriber, asker } = await device(t, 5);
  await listening(link, asker, subscriber);
  const topics = ["-t", "flinch/device/request/status", "-e", "flinch/device/response/asker"];
  const where = ["-V", "5", "-q", "1", "-h", "127.0.0.1", "-p", String(broker.port)];
  const { stdout } = await promisify(execFile)("mosquitto_rr", [...where, ...topics, "-m", "{}"], { timeout: 30_000 });
  t.match(JSON.parse(stdout), { schema: "flinch/response/1", request: "status", status: "ok" });
});

t.test("whatever a broker lets through is answered", async (t) => {
  const { link, subscriber, asker } = await device(t, 5);
  await listening(link, asker, subscriber);
  let number = 0;
  const level = fc.string({ maxLength: 20 }).filter((text) => !/[+#]/.test(text));
  const name = fc.oneof(fc.constantFrom("session/start", "diagnostics", "restart"), level);
  const field = fc.dictionary(fc.constantFrom("subject", "consent", "scope", "x"), fc.jsonValue());
  const property = fc.asyncProperty(name, field, async (name, fields) => {
    const transaction = `f${number++}`;
    const payload = JSON.stringify({ ...fields, transaction });
    await asker.publishAsync(`flinch/device/request/${name}`, payload, { qos: 1 });
    const answer = await subscriber.message((message) => message.payload["transaction"] === transaction);
    const wrong = conforms("response", answer.payload);
    if (wrong !== "") throw new Error(wrong);
  });
  await t.resolves(fc.assert(property, { numRuns: 60 }));
});

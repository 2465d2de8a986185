import { once } from "node:events";
import { connect } from "node:net";
import { networkInterfaces } from "node:os";
import { connectAsync } from "mqtt";
import t from "tap";
import { MqttLink, startEmbeddedBroker } from "../../src/mqtt/index.js";
import { sampleEvent } from "../support/event.js";
import { linkOptions } from "../support/link.js";
import { Logs, until } from "../support/logs.js";
import { Subscriber } from "../support/mosquitto.js";
import { openOutbox } from "../support/outbox.js";

t.test("serves a subscriber on this machine", async (t) => {
  const broker = await startEmbeddedBroker(0);
  t.teardown(() => broker.stop());
  const subscriber = new Subscriber(broker.port, "flinch/#", ["-V", "mqttv311"]);
  t.teardown(() => subscriber.close());
  const outbox = await openOutbox(t.testdir());
  const link = new MqttLink(linkOptions(broker.url, { protocolVersion: 4 }), new Logs());
  link.offerEvents(outbox);
  link.start();
  await subscriber.message(({ payload }) => payload["status"] === "online");
  await outbox.append(sampleEvent);
  await subscriber.message(({ payload }) => payload["sequence"] === 1);
  await until(() => outbox.stats().pending === 0);
  await link.stop();
  await subscriber.message(({ payload }) => payload["status"] === "stopped");
});

t.test("lets in whom it is told to alone", async (t) => {
  let password = "old";
  const broker = await startEmbeddedBroker(0, { username: "flinch", password: () => password });
  t.teardown(() => broker.stop());
  const comes = async (username?: string, given?: string) => {
    const settings = { ...(username !== undefined && { username }), ...(given !== undefined && { password: given }) };
    const client = await connectAsync(broker.url, { protocolVersion: 4, reconnectPeriod: 0, ...settings });
    await client.endAsync();
  };
  await comes("flinch", "old");
  for (const [username, given] of [[], ["flinch"], ["flinch", "new"], ["other", "old"]]) {
    await t.rejects(comes(username, given), /Bad username or password/, `${username} ${given}`);
  }
  password = "new";
  await comes("flinch", "new");
});

t.test("listens on loopback only", async (t) => {
  const broker = await startEmbeddedBroker(0);
  t.teardown(() => broker.stop());
  const outside = Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .filter(({ internal, family }) => !internal && family === "IPv4");
  for (const { address } of outside) {
    const [error] = await once(connect(broker.port, address), "error");
    t.match(error, { code: "ECONNREFUSED" }, address);
  }
  t.match(broker.url, /^mqtt:\/\/127\.0\.0\.1:/);
});

t.test("a taken port is refused with what to do, and stop may be called twice", async (t) => {
  const broker = await startEmbeddedBroker(0);
  await t.rejects(startEmbeddedBroker(broker.port), {
    code: "MQTT_CONFIG",
    message: /mqtt.embeddedPort \d+ is taken; .*mqtt.url/,
  });
  await Promise.all([broker.stop(), broker.stop()]);
  const again = await startEmbeddedBroker(broker.port);
  await again.stop();
});

import t from "tap";
import { MqttLink } from "../../src/mqtt/index.js";
import { promised } from "../support/contract.js";
import { sampleEvent } from "../support/event.js";
import { linkOptions } from "../support/link.js";
import { Logs } from "../support/logs.js";
import { Mosquitto, Subscriber } from "../support/mosquitto.js";
import { openOutbox } from "../support/outbox.js";

const names = ["availability", "info", "state", "config/reported", "event/micro_expression"] as const;

for (const protocolVersion of [5, 4] as const) {
  t.test(`messages have the properties that the contract names, in MQTT version ${protocolVersion}`, async (t) => {
    const broker = await Mosquitto.start();
    t.teardown(() => broker.stop());
    const subscriber = new Subscriber(broker.port, "flinch/#", ["--retain-as-published"]);
    t.teardown(() => subscriber.close());
    await subscriber.ready();
    const outbox = await openOutbox(t.testdir());
    await outbox.append(sampleEvent);
    const link = new MqttLink(linkOptions(broker.url, { protocolVersion }), new Logs());
    t.teardown(() => link.stop());
    link.offerEvents(outbox);
    const said = { bootId: "boot" };
    link.publishRetained("info", { schema: "flinch/info/1", ...said });
    link.publishRetained("state", { schema: "flinch/state/1", ...said });
    link.publishRetained("config/reported", { schema: "flinch/config_reported/1", ...said });
    link.start();
    for (const name of names) {
      const topic = `flinch/device/${name}`;
      const message = await subscriber.message((each) => each.topic === topic);
      const { retain, qos, schema, messageExpiryInterval } = promised(topic);
      t.match(message, { retained: retain, qos, payload: { schema: `flinch/${schema}/1` } }, topic);
      const modern = protocolVersion === 5;
      t.equal(message.contentType, modern ? "application/json" : "", topic);
      t.equal(message.userProperties, modern ? `device:device bootId:boot schema:flinch/${schema}/1` : "", topic);
      // The broker counts down while it holds a message.
      if (modern && messageExpiryInterval !== undefined) t.ok(Number(message.expiryS) <= messageExpiryInterval, topic);
      else t.equal(message.expiryS, undefined, topic);
    }
  });
}

t.test("the last will has them too", async (t) => {
  const broker = await Mosquitto.start();
  t.teardown(() => broker.stop());
  const subscriber = new Subscriber(broker.port);
  t.teardown(() => subscriber.close());
  await subscriber.ready();
  const [first, second] = [1, 2].map(() => new MqttLink(linkOptions(broker.url, { clientId: "one" }), new Logs()));
  first?.start();
  await subscriber.message(({ payload }) => payload["status"] === "online");
  // Taken over: the broker publishes the will.
  second?.start();
  t.match(await subscriber.message(({ payload }) => payload["status"] === "offline"), {
    contentType: "application/json",
    userProperties: "device:device bootId:boot schema:flinch/availability/1",
  });
  await Promise.all([first?.stop(), second?.stop()]);
});

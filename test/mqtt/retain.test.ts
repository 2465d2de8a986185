import t from "tap";
import { MqttLink } from "../../src/mqtt/index.js";
import { linkOptions } from "../support/link.js";
import { Logs, until } from "../support/logs.js";
import { type Message, Mosquitto, Subscriber } from "../support/mosquitto.js";
import { conforms } from "../support/schemas.js";

const isStatus = (status: string) => (message: Message) => message.payload["status"] === status;

t.test("retained topics are there for who comes later, and a clean stop says stopped", async (t) => {
  const broker = await Mosquitto.start();
  t.teardown(() => broker.stop());
  const link = new MqttLink(linkOptions(broker.url), new Logs());
  link.publishRetained("info", { purpose: "test" });
  link.start();
  await until(() => link.status().connected);
  link.publishRetained("state", { uptimeS: 1 });
  link.publishRetained("state", { uptimeS: 2 });
  link.publishRetained("config/reported", { config: {} });

  const subscriber = new Subscriber(broker.port);
  t.teardown(() => subscriber.close());
  const online = await subscriber.message(isStatus("online"));
  t.match(online, {
    topic: "flinch/device/availability",
    contentType: "application/json",
    payload: { bootId: "boot" },
  });
  t.equal(conforms("availability", online.payload), "");
  t.match(await subscriber.message(({ topic }) => topic === "flinch/device/info"), { payload: { purpose: "test" } });
  await subscriber.message(({ topic, payload }) => topic === "flinch/device/state" && payload["uptimeS"] === 2);
  await subscriber.message(({ topic }) => topic === "flinch/device/config/reported");

  await Promise.all([link.stop(), link.stop()]);
  t.equal(conforms("availability", (await subscriber.message(isStatus("stopped"))).payload), "");
  t.equal(link.status().connected, false);
  const late = new Subscriber(broker.port);
  t.teardown(() => late.close());
  t.ok((await late.message(isStatus("stopped"))).retained);
});

t.test("everything retained is published again to a broker that forgot it", async (t) => {
  const broker = await Mosquitto.start();
  t.teardown(() => broker.stop());
  const logger = new Logs();
  const link = new MqttLink(linkOptions(broker.url), logger);
  t.teardown(() => link.stop());
  link.publishRetained("info", { purpose: "test" });
  link.start();
  await until(() => link.status().connected);
  await broker.kill();
  await until(() => !link.status().connected);
  link.publishRetained("state", { uptimeS: 3 });
  await broker.run();
  await until(() => link.status().connected);
  const subscriber = new Subscriber(broker.port);
  t.teardown(() => subscriber.close());
  await subscriber.message(isStatus("online"));
  await subscriber.message(({ topic }) => topic.endsWith("/info"));
  await subscriber.message(({ topic }) => topic.endsWith("/state"));
  t.equal(link.status().reconnects, 1);
  t.equal(logger.count(/^warn connection to the broker .* lost/), 1);
});

t.test("stop does not wait for a broker that never was", async (t) => {
  const logger = new Logs();
  const link = new MqttLink(
    linkOptions("mqtt://127.0.0.1:1", { reconnectMinMs: 60_000, reconnectMaxMs: 60_000 }),
    logger,
  );
  link.start();
  await until(() => logger.count(/nothing listens there/) === 1);
  const before = performance.now();
  await link.stop();
  t.ok(performance.now() - before < 1000);
  await new MqttLink(linkOptions("mqtt://127.0.0.1:1"), logger).stop();
});

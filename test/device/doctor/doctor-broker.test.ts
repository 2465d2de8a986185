import t from "tap";
import { brokerCheck, runningBrokerCheck } from "../../../src/mqtt/broker-check.js";
import { MqttLink } from "../../../src/mqtt/index.js";
import { linkOptions } from "../../support/link.js";
import { Logs, until } from "../../support/logs.js";
import { Mosquitto } from "../../support/mosquitto.js";
import { shippedBroker } from "../../support/shipped-broker.js";

t.test("a broker that lets the device in says as whom, one that does not says why", async (t) => {
  const { authority, url } = await shippedBroker(t, ["room-1"]);
  const tls = { ca: Buffer.from(authority.cert) };
  const who = { device: "room-1", username: "room-1", password: "secret of room-1", tls };
  const ask = (changes: Parameters<typeof linkOptions>[1]) => brokerCheck(() => linkOptions(url, changes)).run();
  t.match(await ask(who), { status: "ok", detail: /^mqtts:.* lets this device in, as room-1, over MQTT 5$/ });
  t.match(await ask({ ...who, protocolVersion: 4 }), { status: "ok", detail: /over MQTT 3\.1\.1$/ });
  t.match(await ask({ ...who, password: "wrong" }), { status: "warn", detail: /mqtt\.passwordFile/, advice: /wait/ });
  t.match(await ask({ ...who, tls: {} }), { status: "warn", detail: /mqtt\.tls\.caFile/ });
  t.match(await brokerCheck(() => linkOptions("mqtt://127.0.0.1:1")).run(), {
    status: "warn",
    detail: /nothing listens/,
  });
  t.match(await brokerCheck(() => undefined).run(), { status: "ok", detail: /inside Flinch/ });
});

t.test("a running daemon tells how its connection is, and who took it", async (t) => {
  const broker = await Mosquitto.start();
  t.teardown(() => broker.stop());
  const options = linkOptions(broker.url);
  const link = new MqttLink(options, new Logs());
  t.teardown(() => link.stop());
  const check = () => {
    const status = link.status();
    return runningBrokerCheck({ ...status, lastError: status.lastError ?? null }).run();
  };
  t.match(await check(), { status: "warn", detail: /not connected yet/ });
  link.start();
  await until(() => link.status().connected);
  t.match(await check(), { status: "ok", detail: /connected over MQTT 5, 0 times anew/ });
  // The visit leaves the daemon's own connection alone.
  t.match(await brokerCheck(() => options).run(), { status: "ok" });
  t.equal(link.status().reconnects, 0);
  const takeovers = { count: 3, lastAt: "2026-01-01T00:00:00.000Z" };
  t.match(await runningBrokerCheck({ ...link.status(), takeovers, lastError: null }).run(), {
    status: "warn",
    detail: /3 times another client took the connection, the last at 2026/,
    advice: /device\.id/,
  });
});

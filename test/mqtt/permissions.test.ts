import type { MqttClient } from "mqtt";
import t from "tap";
import { MqttLink } from "../../src/mqtt/index.js";
import { sampleEvent } from "../support/event.js";
import { linkOptions } from "../support/link.js";
import { Logs, until } from "../support/logs.js";
import { openOutbox } from "../support/outbox.js";
import { shippedBroker } from "../support/shipped-broker.js";

const users = ["room-1", "room-2", "operator", "consumer", "homeassistant"] as const;
type User = (typeof users)[number];

const broker = await shippedBroker(t, users);
const clients = Object.fromEntries(
  await Promise.all(users.map(async (user) => [user, await broker.client(user)] as const)),
) as Record<User, MqttClient>;

async function mayWrite(user: User, topic: string): Promise<boolean> {
  try {
    await clients[user].publishAsync(topic, "{}", { qos: 1 });
    return true;
  } catch (thrown) {
    if (/Not authorized/.test(String(thrown))) return false;
    throw thrown;
  }
}

/** A message that a user may read, and who may send it. */
const lastFor = (user: User): readonly [writer: User, topic: string] =>
  user === "room-1" || user === "room-2"
    ? ["operator", `flinch/${user}/request/status`]
    : ["room-1", "flinch/room-1/event/micro_expression"];

/** Who gets what is sent to a topic, of users who subscribe to everything. */
async function readers(writer: User, topic: string): Promise<User[]> {
  const got = await Promise.all(
    users.map(async (user) => {
      const client = clients[user];
      const payloads: string[] = [];
      const listen = (_: string, payload: Buffer) => payloads.push(payload.toString());
      client.on("message", listen);
      await client.subscribeAsync("#", { qos: 1 });
      await clients[writer].publishAsync(topic, "wanted", { qos: 1 });
      // Sent after it: when this one is there, the other would be.
      const [lastWriter, lastTopic] = lastFor(user);
      await clients[lastWriter].publishAsync(lastTopic, `last for ${user}`, { qos: 1 });
      await until(() => payloads.includes(`last for ${user}`));
      client.off("message", listen);
      await client.unsubscribeAsync("#");
      return payloads.includes("wanted");
    }),
  );
  return users.filter((_, index) => got[index]);
}

t.test("a device writes its own topics, and no other's", async (t) => {
  const own = ["availability", "info", "state", "config/reported", "event/micro_expression", "response/status"];
  for (const name of own) {
    t.equal(await mayWrite("room-1", `flinch/room-1/${name}`), true, name);
    t.equal(await mayWrite("room-1", `flinch/room-2/${name}`), false, name);
  }
  t.equal(await mayWrite("room-1", "homeassistant/device/flinch/room-1/config"), true);
  for (const topic of [
    "homeassistant/device/flinch/room-2/config",
    "flinch/room-1/config/desired",
    "flinch/_groups/all/config/desired",
    "flinch/room-1/request/restart",
    "other",
  ])
    t.equal(await mayWrite("room-1", topic), false, topic);
});

t.test("operators configure and ask, and write nothing else", async (t) => {
  for (const topic of [
    "flinch/room-1/config/desired",
    "flinch/_groups/all/config/desired",
    "flinch/room-1/request/session/start",
    "homeassistant/device/flinch/room-1/config",
  ])
    t.equal(await mayWrite("operator", topic), true, topic);
  for (const name of ["availability", "event/micro_expression", "state", "response/status"])
    t.equal(await mayWrite("operator", `flinch/room-1/${name}`), false, name);
});

t.test("who is no device cannot play one of their own name, and consumers write nothing", async (t) => {
  for (const user of ["operator", "consumer", "homeassistant"] as const)
    for (const name of ["availability", "event/micro_expression", "response/status"])
      t.equal(await mayWrite(user, `flinch/${user}/${name}`), false, `${user} ${name}`);
  for (const topic of ["flinch/room-1/request/restart", "flinch/room-1/config/desired", "flinch/room-1/event/x"])
    for (const user of ["consumer", "homeassistant"] as const) t.equal(await mayWrite(user, topic), false, topic);
  for (const user of ["consumer", "homeassistant"] as const)
    t.equal(await mayWrite(user, `homeassistant/device/flinch/${user}/config`), false, user);
  t.equal(await mayWrite("homeassistant", "homeassistant/status"), true);
});

t.test("everyone reads what is theirs, and no more", async (t) => {
  t.same(await readers("room-1", "flinch/room-1/event/micro_expression"), ["operator", "consumer", "homeassistant"]);
  t.same(await readers("room-1", "flinch/room-1/availability"), ["operator", "consumer", "homeassistant"]);
  t.same(await readers("room-1", "flinch/room-1/config/reported"), ["operator"]);
  t.same(await readers("room-1", "flinch/room-1/response/status"), ["operator"]);
  t.same(await readers("operator", "flinch/room-1/config/desired"), ["room-1", "operator"]);
  t.same(await readers("operator", "flinch/room-2/request/restart"), ["room-2", "operator"]);
  t.same(await readers("operator", "flinch/_groups/all/config/desired"), ["room-1", "room-2", "operator"]);
  t.same(await readers("room-1", "homeassistant/device/flinch/room-1/config"), ["homeassistant"]);
});

t.test("nobody comes in without a name and its password", async (t) => {
  await t.rejects(broker.client("nobody"), /Not authorized/);
});

t.test("nobody takes another's place by coming with its identifier", async (t) => {
  const { client, url } = await shippedBroker(t, ["room-1", "consumer"]);
  const device = await client("room-1");
  let ends = 0;
  device.on("close", () => ends++);
  const intruder = await client("consumer", 5, { clientId: "room-1" });
  await intruder.subscribeAsync("flinch/room-1/availability", { qos: 1 });
  await device.publishAsync("flinch/room-1/availability", "{}", { qos: 1 });
  t.equal(ends, 0, url);
  // Who knows the device's password is the device.
  await client("room-1", 5, { clientId: "another" });
  await until(() => ends === 1);
});

t.test("the daemon's own connection needs no more than a device has", async (t) => {
  const outbox = await openOutbox(t.testdir());
  await outbox.append(sampleEvent);
  const logger = new Logs();
  const who = { device: "room-1", username: "room-1", password: "secret of room-1" };
  const tls = { ca: Buffer.from(broker.authority.cert) };
  const link = new MqttLink(linkOptions(broker.url, { ...who, tls }), logger);
  t.teardown(() => link.stop());
  link.offerEvents(outbox);
  for (const name of ["info", "state", "config/reported", "discovery"] as const) link.publishRetained(name, {});
  link.start();
  await until(() => outbox.stats().pending === 0);
  await link.stop();
  t.equal(logger.count(/^warn/), 0, logger.lines.join("\n"));
});

t.test("a payload beyond the limit goes nowhere", async (t) => {
  // In 3.1.1 the broker takes it without a word and drops it.
  const device = await broker.client("room-2", 4);
  const sizes: number[] = [];
  clients.operator.on("message", (topic, payload) => {
    if (topic === "flinch/room-2/event/size") sizes.push(payload.length);
  });
  await clients.operator.subscribeAsync("flinch/room-2/event/size", { qos: 1 });
  for (const bytes of [262_145, 262_144]) {
    await device.publishAsync("flinch/room-2/event/size", Buffer.alloc(bytes), { qos: 1 });
  }
  await until(() => sizes.length > 0);
  t.same(sizes, [262_144]);
});

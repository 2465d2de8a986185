import { setTimeout as sleep } from "node:timers/promises";
import t, { type Test } from "tap";
import { openDatabase, type Target } from "../../../src/fleet/collect/database/index.js";
import type { Flinch } from "../../support/cli.js";
import { until } from "../../support/logs.js";
import { Mosquitto } from "../../support/mosquitto.js";
import { SmallDisk } from "../../support/small-disk.js";
import { startCollector } from "./support/collector.js";
import { emptyDatabase, postgresServer } from "./support/databases.js";
import { Devices } from "./support/device.js";
import { EVENT, event } from "./support/messages.js";

const KEEPS = ["allow_anonymous true", "persistence true", "persistence_location DIR/", "max_queued_messages 100000"];

async function startBroker(t: Test): Promise<Mosquitto> {
  const broker = await Mosquitto.start(KEEPS);
  t.teardown(() => broker.stop());
  return broker;
}

/** "device id" of every event in the tables, in order. */
async function stored(target: Target): Promise<string[]> {
  const database = await openDatabase(target);
  const rows = await database.query("select device, id from events order by device, id");
  await database.close();
  return rows.map(({ device, id }) => `${String(device)} ${String(id)}`);
}

/** Stops the collector, whose database nobody else can read, and lets others go on until all is there, or too long. */
async function whenAllIsStored(
  t: Test,
  broker: Mosquitto,
  target: Target,
  devices: Devices,
  first: Flinch,
): Promise<string[]> {
  let collector = first;
  for (let attempt = 0; ; attempt++) {
    await sleep(500);
    collector.kill("SIGTERM");
    t.equal(await collector.ended, 0);
    const ids = await stored(target);
    if (ids.length >= devices.ids.size || attempt === 20) return ids;
    collector = await startCollector(t, broker, target);
  }
}

const sorted = (ids: Iterable<string>): string[] => [...ids].sort();

t.test("a collector that is killed again and again loses nothing and stores nothing twice", async (t) => {
  const target = await emptyDatabase(t, "duckdb");
  if (target === undefined) return;
  const broker = await startBroker(t);
  const devices = new Devices(t, broker.url);
  let collector = await startCollector(t, broker, target);
  for (let kills = 0; kills < 3; kills++) {
    const publishing = devices.publish(300);
    await sleep(100 + 60 * kills);
    collector.kill("SIGKILL");
    await collector.ended;
    await publishing;
    collector = await startCollector(t, broker, target);
  }
  await until(() => devices.pending === 0);
  t.same(await whenAllIsStored(t, broker, target, devices, collector), sorted(devices.ids));
});

t.test("a broker that goes away costs nothing", async (t) => {
  const target = await emptyDatabase(t, "duckdb");
  if (target === undefined) return;
  const broker = await startBroker(t);
  const devices = new Devices(t, broker.url);
  const collector = await startCollector(t, broker, target);
  const publishing = devices.publish(600);
  for (let restarts = 0; restarts < 3; restarts++) {
    await sleep(150);
    await broker.terminate();
    await sleep(50);
    await broker.run();
  }
  await publishing;
  await until(() => devices.pending === 0);
  t.same(await whenAllIsStored(t, broker, target, devices, collector), sorted(devices.ids));
  t.ok(collector.log.filter(({ msg }) => /^collect: subscribed/.test(msg)).length > 1);
});

t.test("a database that goes away costs nothing, and is said", async (t) => {
  const target = await emptyDatabase(t, "postgres");
  const server = await postgresServer();
  if (target === undefined || server === undefined) return;
  const broker = await startBroker(t);
  const devices = new Devices(t, broker.url);
  const collector = await startCollector(t, broker, target);
  const publishing = devices.publish(900);
  for (let restarts = 0; restarts < 2; restarts++) {
    await sleep(300);
    await server.kill();
    await sleep(300);
    await server.run();
  }
  await publishing;
  await until(async () => devices.pending === 0 && (await stored(target)).length === devices.ids.size, 30_000);
  t.same(await stored(target), sorted(devices.ids));
  await collector.logged(/^collect: the database cannot be reached or used; nothing is acknowledged until it can/);
  await collector.logged(/^collect: the database takes rows again/);
});

t.test("two collectors share the load by a shared subscription, and by halves of the devices", async (t) => {
  for (const [first, second] of [
    [
      ["--group", "all"],
      ["--group", "all"],
    ],
    [
      ["--protocol", "4", "--partition", "1/2"],
      ["--protocol", "4", "--partition", "2/2"],
    ],
  ] as const) {
    const target = await emptyDatabase(t, "postgres");
    if (target === undefined) return;
    const broker = await startBroker(t);
    const devices = new Devices(t, broker.url);
    const collectors = [
      await startCollector(t, broker, target, ...first, "--name", "one"),
      await startCollector(t, broker, target, ...second, "--name", "two"),
    ];
    await devices.publish(400, 20, 0);
    await until(async () => (await stored(target)).length === devices.ids.size, 30_000);
    t.same(await stored(target), sorted(devices.ids));
    for (const collector of collectors) {
      collector.kill("SIGTERM");
      t.equal(await collector.ended, 0);
      const { stored: count, received } = (await collector.logged(/^collect: stopped/)) as unknown as Counted;
      t.equal(count, received);
      t.ok(received >= 40 && received <= 360, `one took ${received}`);
    }
  }
});

interface Counted {
  readonly stored: number;
  readonly received: number;
}

t.test("what the database does not take is refused alone, and stops nothing", async (t) => {
  for (const kind of ["duckdb", "postgres"] as const) {
    const target = await emptyDatabase(t, kind);
    if (target === undefined) return;
    const broker = await startBroker(t);
    const devices = new Devices(t, broker.url);
    const collector = await startCollector(t, broker, target, "--batch-ms", "300");
    await devices.publish(20, 1, 0);
    // They fit the schema: a day that no calendar has, and a number that no column holds.
    for (const wrong of [{ apexAt: "2024-13-77T00:00:00.000Z" }, { sequence: 1e300 }])
      devices.send(`flinch/wrong/${EVENT}`, event(1, { device: "wrong", ...wrong }));
    await devices.publish(20, 1, 0);
    await until(() => devices.pending === 0);
    t.same(await whenAllIsStored(t, broker, target, devices, collector), sorted(devices.ids), kind);
    const database = await openDatabase(target);
    const refused = await database.query("select device, reason from refused");
    await database.close();
    t.equal(refused.length, 2);
    for (const { device, reason } of refused) {
      t.equal(device, "wrong");
      t.match(reason, /^the database does not take it: /);
    }
  }
});

t.test("a disk that is full is said, and costs nothing", async (t) => {
  const disk = SmallDisk.mount(t, 4000);
  if (disk === undefined) return;
  const target: Target = { kind: "duckdb", file: `${disk.directory}/fleet.duckdb` };
  const broker = await startBroker(t);
  const devices = new Devices(t, broker.url);
  const collector = await startCollector(t, broker, target);
  await devices.publish(50);
  await until(() => devices.pending === 0);
  disk.fill();
  await devices.publish(200);
  await collector.logged(/^collect: the database's disk is full; make room: nothing is acknowledged until then/);
  disk.free();
  await collector.logged(/^collect: the database takes rows again/);
  t.same(await whenAllIsStored(t, broker, target, devices, collector), sorted(devices.ids));
});

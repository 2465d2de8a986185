import { setTimeout as sleep } from "node:timers/promises";
import t from "tap";
import type { Target } from "../../../src/fleet/collect/database/index.js";
import { until } from "../../support/logs.js";
import { SmallDisk } from "../../support/small-disk.js";
import { startCollector } from "./support/collector.js";
import { emptyDatabase, postgresServer } from "./support/databases.js";
import { Devices } from "./support/device.js";
import { event } from "./support/messages.js";
import { sorted, startBroker, stored, whenAllIsStored } from "./support/stored.js";

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

t.test("while the database is away, the broker is held back: memory has a window, and no more", async (t) => {
  const target = await emptyDatabase(t, "postgres");
  const server = await postgresServer();
  if (target === undefined || server === undefined) return;
  const broker = await startBroker(t);
  const devices = new Devices(t, broker.url);
  const collector = await startCollector(t, broker, target, "--window", "20");
  await server.kill();
  await devices.publish(300, 4, 0);
  for (let i = 0; i < 300; i++) devices.send("flinch/device-0/event/micro_expression", event(i), 0);
  await until(() => devices.pending === 0);
  await collector.logged(/^collect: the database cannot be reached/);
  collector.kill("SIGTERM");
  t.equal(await collector.ended, 0);
  const { received, stored: count } = await collector.logged(/^collect: stopped before all was stored/);
  t.same([received, count], [20, 0]);
  await server.run();
  const next = await startCollector(t, broker, target, "--window", "20");
  await until(async () => (await stored(target)).length >= devices.ids.size, 30_000);
  t.same(await stored(target), sorted(devices.ids));
  next.kill("SIGTERM");
  t.equal(await next.ended, 0);
});

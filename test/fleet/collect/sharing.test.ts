import t from "tap";
import { openDatabase } from "../../../src/fleet/collect/database/index.js";
import { until } from "../../support/logs.js";
import { startCollector } from "./support/collector.js";
import { emptyDatabase } from "./support/databases.js";
import { Devices } from "./support/device.js";
import { EVENT, event } from "./support/messages.js";
import { sorted, startBroker, stored, whenAllIsStored } from "./support/stored.js";

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

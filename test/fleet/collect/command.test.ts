import { createRequire } from "node:module";
import { join } from "node:path";
import { connectAsync } from "mqtt";
import t from "tap";
import { openDatabase } from "../../../src/fleet/collect/database/index.js";
import { inPartition, partitionOf } from "../../../src/fleet/collect/partition.js";
import { optionalPackage } from "../../../src/lib/optional-package.js";
import { startEmbeddedBroker } from "../../../src/mqtt/index.js";
import { refused } from "../../cli/support/refused.js";
import { flinch } from "../../support/cli.js";
import { Mosquitto } from "../../support/mosquitto.js";
import { startCollector } from "./support/collector.js";
import { asOption, emptyDatabase } from "./support/databases.js";
import { Devices } from "./support/device.js";
import { EVENT, event, example } from "./support/messages.js";

// The hooks that load tests take the code off an import's error.
const require = createRequire(import.meta.url);

t.test("what cannot be is refused, with what to do", async (t) => {
  const to = ["--to", `duckdb:${join(t.testdir(), "a.duckdb")}`];
  for (const [args, says] of [
    [[], /needs a database: --to takes duckdb:FILE or postgres:/],
    [["--to", "mysql://a"], /'mysql:\/\/a' is no database/],
    [["--to", "postgres://me:secret@host/db"], /^(?!.*secret).*has a password in it.*PGPASSFILE/],
    [["--to", "duckdb:/nowhere/at/all.duckdb", "--gaps"], /there is no file \/nowhere\/at\/all\.duckdb/],
    [["--to", "duckdb:/nowhere/at/all.duckdb", "--broker", "mqtt://host"], /all\.duckdb cannot be opened/],
    [to, /needs a broker: --broker/],
    [[...to, "--broker", "localhost"], /--broker is 'localhost'/],
    [[...to, "--broker", "mqtt://me:secret@host"], /^(?!.*secret).*mqtt\.passwordFile/],
    [[...to, "--broker", "mqtt://host", "--partition", "3/2"], /--partition is '3\/2'; it takes I\/N/],
    [[...to, "--broker", "mqtt://host", "--group", "a", "--protocol", "4"], /--group shares the load by MQTT 5/],
    [[...to, "--broker", "mqtt://host", "--batch-rows", "0"], /--batch-rows is '0'; it takes a whole number from 1/],
    [[...to, "--broker", "mqtt://host", "--name", "a b"], /--name is 'a b'/],
    [
      [...to, "--broker", "mqtt://host", "--mqtt.username=a", "--mqtt.passwordFile=/nowhere"],
      /mqtt\.passwordFile: \/nowhere cannot be read/,
    ],
  ] as const)
    await refused(t, ["collect", ...args], says);
});

t.test("a package that is missing is named", async (t) => {
  const missing = optionalPackage("no-such-package", "flinch collect", async () => require("no-such-package"));
  await t.rejects(missing, {
    code: "PACKAGE_MISSING",
    message: /^flinch collect needs .*npm install --no-save no-such-package/,
  });
});

t.test("every device is in one part", (t) => {
  const parts = [1, 2, 3].map((part) => partitionOf(`${part}/3`));
  const devices = Array.from({ length: 3000 }, (_, i) => `interview-${i}`);
  const takers = devices.map((device) => parts.filter((part) => inPartition(device, part)));
  t.ok(takers.every((its) => its.length === 1));
  for (const part of parts) {
    const count = takers.filter(([its]) => its === part).length;
    t.ok(count > 800 && count < 1200, String(count));
  }
  t.end();
});

t.test("a gap is logged once it is one, and printed by --gaps", async (t) => {
  const target = await emptyDatabase(t, "duckdb");
  if (target === undefined) return;
  const broker = await Mosquitto.start();
  t.teardown(() => broker.stop());
  const devices = new Devices(t, broker.url);
  const collector = await startCollector(t, broker, target, "--grace", "1", "--group", "all");
  for (const sequence of [1, 2, 4, 9]) devices.send(`flinch/room/${EVENT}`, event(sequence, { device: "room" }));
  await collector.logged(/^collect: room: event 3 is missing$/);
  await collector.logged(/^collect: room: events 5 to 8 are missing$/);
  collector.kill("SIGTERM");
  t.equal(await collector.ended, 0);
  const printed = await flinch("collect", "--gaps", "--to", asOption(target), "--grace", "1");
  t.match(printed.output, [/^room: 3 \(1\), noticed at 20/, /^room: 5 to 8 \(4\), noticed at 20/]);
  const json = await flinch("collect", "--gaps", "--json", "--to", asOption(target), "--grace", "1");
  t.match(JSON.parse(json.output.join("")), [
    { device: "room", firstMissing: 3 },
    { lastMissing: 8, missing: 4 },
  ]);
  const early = await flinch("collect", "--gaps", "--to", asOption(target), "--grace", "86400");
  t.same(early.output, ["no event is missing"]);
});

t.test("what is retained reaches a collector that comes later", async (t) => {
  const target = await emptyDatabase(t, "duckdb");
  if (target === undefined) return;
  const broker = await Mosquitto.start();
  t.teardown(() => broker.stop());
  const client = await connectAsync(broker.url);
  t.teardown(() => client.endAsync());
  for (const topic of ["availability", "info", "state"])
    await client.publishAsync(`flinch/interview-1/${topic}`, JSON.stringify(example(topic)), { qos: 1, retain: true });
  const collector = await startCollector(t, broker, target, "--group", "all", "--grace", "1");
  // What comes with the subscription is there before this, which comes by another.
  const devices = new Devices(t, broker.url);
  for (const sequence of [1, 3]) devices.send(`flinch/room/${EVENT}`, event(sequence, { device: "room" }));
  await collector.logged(/^collect: room: event 2 is missing$/);
  collector.kill("SIGTERM");
  await collector.ended;
  const database = await openDatabase(target);
  t.teardown(() => database.close());
  for (const table of ["availability", "device_info", "states"])
    t.same(await database.query(`select device from ${table}`), [{ device: "interview-1" }], table);
});

t.test("a broker without MQTT 5 is told apart", async (t) => {
  const broker = await startEmbeddedBroker(0);
  t.teardown(() => broker.stop());
  const to = ["--to", `duckdb:${join(t.testdir(), "a.duckdb")}`];
  await refused(
    t,
    ["collect", ...to, "--broker", broker.url],
    /does not speak MQTT 5; use --protocol 4, with --partition/,
  );
});

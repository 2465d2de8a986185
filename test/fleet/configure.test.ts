import { execFileSync } from "node:child_process";
import { createPublicKey } from "node:crypto";
import { once } from "node:events";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import t, { type Test } from "tap";
import type { RolloutRecord } from "../../src/fleet/configure/record.js";
import { Flinch, flinch } from "../support/cli.js";
import { until } from "../support/logs.js";
import { Mosquitto, Subscriber } from "../support/mosquitto.js";
import { retain } from "./support/retain.js";
import { Room } from "./support/room.js";
import { startRoomProcess } from "./support/room-process.js";

const dir = t.testdir();
const keyFile = join(dir, "private.pem");
execFileSync("openssl", ["genpkey", "-algorithm", "ed25519", "-out", keyFile], { stdio: "pipe" });
const publicKey = createPublicKey(readFileSync(keyFile));

let files = 0;
/** A broker with rooms, each with its arguments, and how a rollout there is called. */
async function fleetOf(t: Test, rooms: Readonly<Record<string, readonly string[]>>) {
  const broker = await Mosquitto.start();
  t.teardown(() => broker.stop());
  const started: Record<string, Room> = {};
  for (const [id, argv] of Object.entries(rooms)) {
    const room = await Room.start(broker.url, id, argv, publicKey);
    t.teardown(() => room.stop());
    started[id] = room;
  }
  const state = join(dir, `rollout-${++files}.json`);
  const changes = join(dir, `changes-${files}.json`);
  const common = ["fleet", "configure", "--broker", broker.url, "--key", keyFile, "--state", state];
  return {
    broker,
    room: (id: string) => started[id] as Room,
    state,
    record: () => JSON.parse(readFileSync(state, "utf8")) as RolloutRecord,
    begin: (config: object, ...args: string[]) => {
      writeFileSync(changes, JSON.stringify(config));
      return [...common, changes, "--settle", "0.3", "--answer-within", "30", ...args];
    },
    takeBack: () => flinch(...common, "--take-back"),
    resume: () => flinch(...common, "--resume"),
  };
}

const noGroup: readonly string[] = [];
const three = { a: noGroup, b: noGroup, c: noGroup };

t.test("stage by stage everybody takes it, what a document set before stays, and all can be taken back", async (t) => {
  const { room, begin, record, takeBack, resume } = await fleetOf(t, three);
  // Somebody's earlier rollout.
  const earlier = await flinch(
    ...begin({ device: { room: "Blue" } }, "--devices", "b", "--state", join(dir, "earlier.json")),
  );
  t.equal(earlier.status, 0);
  const { status, output, plain } = await flinch(
    ...begin({ spotting: { minProbability: 0.7 } }, "--devices", "all", "--stages", "1,2"),
  );
  t.same([status, plain], [0, []]);
  t.same(
    output.filter((line) => line.startsWith("stage")),
    ["stage 1 of 3: a", "stage 2 of 3: b", "stage 3 of 3: c"],
  );
  t.match(output.at(-1), /^done: 3 of 3 devices/);
  for (const id of ["a", "b", "c"]) t.equal(room(id).current.spotting.minProbability, 0.7, id);
  t.equal(room("b").current.device.room, "Blue");
  t.match(record().targets, [{ version: 1, status: "kept" }, { version: 2, before: { version: 1 } }, { version: 1 }]);

  const back = await takeBack();
  t.same(
    [back.status, back.output],
    [0, [1, 2, 3].map((_, i) => `${"abc"[i]} has what it had before, as version ${[2, 3, 2][i]}`)],
  );
  for (const id of ["a", "b", "c"]) t.equal(room(id).current.spotting.minProbability, 0.5, id);
  t.equal(room("b").current.device.room, "Blue");
  const twice = await takeBack();
  t.same([twice.status, twice.output], [0, ["nothing was written that is not taken back"]]);
  t.match((await resume()).plain[0], /was taken back; begin another.*\[USAGE\]/);
  t.match((await flinch(...begin({}, "--devices", "all"))).plain[0], /is there already.*\[USAGE\]/);

  // Without the key no device takes it.
  const unsigned = begin({}, "--devices", "a", "--state", join(dir, "unsigned.json")).filter(
    (word, i, words) => word !== "--key" && words[i - 1] !== "--key",
  );
  const refused = await flinch(...unsigned);
  t.match([refused.status, refused.output.join("\n")], [1, /a refused: the document is not signed/]);
});

t.test("a device that refuses stops it: it says why, and the rest keeps what it has", async (t) => {
  const { room, begin, record, takeBack, resume } = await fleetOf(t, {
    ...three,
    b: ["--spotting.maxMs=300", "--device.groups=slow"],
  });
  const { status, output } = await flinch(
    ...begin({ spotting: { minMs: 350 } }, "--devices", "all", "--stages", "1,2,all"),
  );
  t.equal(status, 1);
  t.match(output.join("\n"), /^ {2}b refused: spotting\.minMs \(350\) must be less than spotting\.maxMs \(300\)$/m);
  t.match(output.at(-1), /^stopped: .*--take-back/);
  t.same(
    ["a", "b", "c"].map((id) => room(id).current.spotting.minMs),
    [350, 65, 65],
  );
  t.same(
    record().targets.map((target) => target.status),
    ["kept", "failed", "waiting"],
  );
  const again = await resume();
  t.equal(again.status, 1, "nothing has changed");
  t.match(again.output, ["stage 2 of 3: b", /^ {2}b refused/, /^stopped/]);
  const remedy = ["--group", "slow", "--state", join(dir, "remedy.json")];
  t.equal((await flinch(...begin({ spotting: { maxMs: 500 } }, ...remedy))).status, 0);
  const third = await resume();
  t.same([third.status, third.output.at(0)], [0, "stage 2 of 3: b"]);
  t.equal(room("b").current.spotting.minMs, 350);
  const back = await takeBack();
  t.same([back.status, back.output.length], [0, 3]);
  t.equal(room("a").current.spotting.minMs, 65);
});

t.test("one document reaches a whole group; every answer is waited for", async (t) => {
  const ground = ["--device.groups=ground"];
  const { room, begin, takeBack } = await fleetOf(t, {
    a: ground,
    b: [...ground, "--spotting.maxMs=300"],
    c: ground,
    other: [],
  });
  const { status, output } = await flinch(...begin({ spotting: { minMs: 350 } }, "--group", "ground"));
  t.equal(status, 1);
  t.match(output.sort(), [
    /^ {2}a has version 1 in force$/,
    /^ {2}b refused: spotting\.minMs/,
    /^ {2}c has version 1 in force$/,
    "stage 1 of 1: a, b, c",
    /^stopped/,
  ]);
  t.same(
    ["a", "b", "c", "other"].map((id) => room(id).current.spotting.minMs),
    [350, 65, 350, 65],
  );
  t.equal((await takeBack()).status, 0);
  t.equal(room("c").current.spotting.minMs, 65);
});

t.test("a device that goes offline, or whose frames stop, stops it", async (t) => {
  const { begin, broker, record, room, takeBack } = await fleetOf(t, { a: [], z: [] });
  const child = startRoomProcess(t, broker.url, "b");
  const subscriber = new Subscriber(broker.port);
  t.teardown(() => subscriber.close());
  await subscriber.message(({ topic }) => topic === "flinch/b/state", 60_000);
  const rollout = (...args: string[]) => {
    const started = new Flinch([...begin({ log: { level: "debug" } }), "--settle", "600", ...args]);
    t.teardown(() => started.dispose());
    return started;
  };
  const first = rollout("--devices", "b,z");
  await until(() => first.output.some((line) => /watching/.test(line)), 60_000);
  child.kill("SIGKILL");
  await once(child, "exit");
  t.equal(await first.ended, 1);
  t.match(first.output, ["stage 1 of 2: b", /b has version 1/, /watching/, "  b is offline", /^stopped/]);
  t.same(
    record().targets.map(({ status }) => status),
    ["failed", "waiting"],
  );
  const back = await takeBack();
  t.same([back.status, back.output], [0, ["b is offline: it takes version 2 when it is back"]]);

  // Who is not well before is not configured at all.
  const second = rollout("--devices", "all", "--stages", "all", "--state", join(dir, "frames.json"));
  await until(() => second.output.some((line) => /watching/.test(line)), 60_000);
  t.match(second.output, ["left out: b is offline", "stage 1 of 1: a, z"]);
  room("a").frames = 0;
  t.equal(await second.ended, 1);
  t.match(second.output.at(-2), /^ {2}a delivers no frames: none came between two states/);
  const third = rollout("--devices", "z", "--state", join(dir, "source.json"));
  await until(() => third.output.some((line) => /watching/.test(line)), 60_000);
  room("z").source = { status: "lost", lastError: "no such device" };
  t.equal(await third.ended, 1);
  t.match(third.output.at(-2), /^ {2}z delivers no frames: its source is lost \(no such device\)/);
});

t.test("a change that does not work there is rolled back by the device, and stops it", async (t) => {
  const { begin, room } = await fleetOf(t, { a: [], b: [] });
  room("a").pipe.works = ({ face }) => face.minScore !== 0.61;
  const { status, output } = await flinch(...begin({ face: { minScore: 0.61 } }, "--devices", "all"));
  t.equal(status, 1);
  t.match(output.join("\n"), /^ {2}a rolled back: no frame was processed within 60 s of the change$/m);
  t.equal(room("b").current.face.minScore, room("b").local.face.minScore);
});

t.test("killed in the middle it goes on where it was", async (t) => {
  const { begin, record, resume, room, state } = await fleetOf(t, three);
  const killed = new Flinch([
    ...begin({ device: { room: "Red" } }, "--devices", "all", "--stages", "2"),
    "--settle=600",
  ]);
  t.teardown(() => killed.dispose());
  await until(() => killed.output.some((line) => /watching/.test(line)), 60_000);
  killed.kill("SIGKILL");
  await killed.ended;
  t.same(
    record().targets.map(({ status }) => status),
    ["written", "written", "waiting"],
  );
  // Nobody watches for ten minutes in a test.
  writeFileSync(state, JSON.stringify({ ...record(), settleS: 0.2 }));
  const { status, output } = await resume();
  t.equal(status, 0);
  t.match(output, ["stage 1 of 2: a, b", /version 1/, /version 1/, /watching/, "stage 2 of 2: c"]);
  for (const id of ["a", "b", "c"]) t.equal(room(id).current.device.room, "Red");
  t.ok(record().targets.every(({ version, status }) => version === 1 && status === "kept"));
  t.equal((await resume()).output.length, 1, "all is done");
});

t.test("without a broker it waits, and watches anew when there is one", async (t) => {
  const { begin, broker, room } = await fleetOf(t, { a: [], b: [] });
  const rollout = new Flinch([
    ...begin({ device: { room: "Red" } }, "--devices", "all", "--stages", "all"),
    "--settle=3",
  ]);
  t.teardown(() => rollout.dispose());
  await until(() => rollout.output.some((line) => /watching/.test(line)), 60_000);
  await broker.kill();
  await until(
    () => rollout.output.some((line) => /^connection to the broker lost: .*; trying again$/.test(line)),
    60_000,
  );
  await broker.run();
  t.equal(await rollout.ended, 0);
  t.match(rollout.output.slice(-2), ["connected again", /^done: 2 of 2/]);
  t.equal(room("b").current.device.room, "Red");
});

t.test("ended by hand it says how it goes on", async (t) => {
  const { begin, record } = await fleetOf(t, { a: [] });
  const rollout = new Flinch([...begin({ device: { room: "Red" } }, "--devices", "all"), "--settle=600"]);
  t.teardown(() => rollout.dispose());
  await until(() => rollout.output.some((line) => /watching/.test(line)), 60_000);
  rollout.kill("SIGINT");
  t.equal(await rollout.ended, 1);
  t.match(rollout.output.at(-1), /^ended before its end: --resume .* goes on, --take-back/);
  t.same(
    record().targets.map(({ status }) => status),
    ["written"],
  );
});

t.test("what somebody else writes meanwhile is neither overwritten nor taken back", async (t) => {
  const { begin, broker, takeBack } = await fleetOf(t, {});
  const open = await Room.start(broker.url, "a");
  t.teardown(() => open.stop());
  t.equal((await flinch(...begin({ device: { room: "Red" } }, "--devices", "a"))).status, 0);
  await retain(broker.url, "flinch/a/config/desired", { version: 9, config: { device: { room: "Green" } } });
  await until(() => open.current.device.room === "Green");
  const { status, output } = await takeBack();
  t.same([status, output], [1, ["a: somebody else has written version 9; left as it is"]]);
  t.equal(open.current.device.room, "Green");
});

t.test("what cannot be done is told before anything is written", async (t) => {
  const { begin, state, takeBack } = await fleetOf(t, { a: [] });
  const refused = async (args: readonly string[], said: RegExp) => {
    const { status, plain } = await flinch(...args);
    t.match([status, plain[0]], [1, said]);
    t.notOk(existsSync(state));
  };
  await refused(
    begin({ spotting: { minProbability: 7 } }, "--devices", "all"),
    /spotting\.minProbability: must be.*\[CONFIG_INVALID\]/,
  );
  await refused(begin({ mqtt: { url: "mqtt://x" } }, "--devices", "all"), /mqtt\.url: is set on the device only/);
  await refused(begin({}, "--devices", "b"), /the device 'b' is not known.*there are a \[USAGE\]/);
  await refused(begin({}, "--group", "attic"), /no device at this broker is in the group 'attic'/);
  await refused(begin({}), /whom for: --group NAME, or --devices/);
  await refused(begin({}, "--devices", "all", "--stages", "1,few"), /--stages takes.*few.*\[USAGE\]/);
  await refused(begin({}, "--devices", "all", "--settle", "soon"), /--settle takes a number, not 'soon'/);
  await refused(["fleet", "configure", "changes.json", "--devices", "all"], /--state FILE.*\[USAGE\]/);
  t.match((await takeBack()).plain[0], /there is no rollout in.*\[ROLLOUT_UNREADABLE\]/);
});

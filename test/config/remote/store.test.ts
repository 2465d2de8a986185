import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { RemoteStore } from "../../../src/config/remote/index.js";
import { Logs } from "../../support/logs.js";

const document = { version: 3, digest: "d", config: { device: { room: "Blue" } } };
const content = {
  good: { device: document },
  trial: { documents: { device: { ...document, version: 4 } }, running: true },
  known: { device: { version: 4, digest: "e", rolledBack: null } },
};
const nothing = { good: {}, trial: null, known: {} };

t.test("what was saved is there at the next start, for this user alone", async (t) => {
  const directory = join(t.testdir(), "state");
  const logs = new Logs();
  const store = new RemoteStore(directory, "flinch/room-1", logs);
  t.match(await store.load(), nothing);
  await store.save(content);
  t.match(await new RemoteStore(directory, "flinch/room-1", logs).load(), content);
  t.equal(statSync(join(directory, "remote-config.json")).mode & 0o777, 0o600);
  t.notOk(existsSync(join(directory, "remote-config.json.tmp")));
  t.same(logs.lines, []);
  const other = new RemoteStore(directory, "flinch/room-2", logs);
  t.match(await other.load(), nothing, "another device's is not used");
  t.equal(logs.count(/another device's/), 1);
});

t.test("a file that is damaged is put aside and said; the start goes on", async (t) => {
  for (const damaged of [
    "",
    "{",
    "null",
    "[]",
    '{"format":2}',
    JSON.stringify({ format: 1, device: "d", ...content, good: 3 }),
  ]) {
    const directory = t.testdir();
    const logs = new Logs();
    const file = join(directory, "remote-config.json");
    writeFileSync(file, damaged);
    const store = new RemoteStore(directory, "d", logs);
    t.match(await store.load(), nothing, damaged);
    t.equal(logs.count(/^warn .*cannot be used/), 1);
    t.equal(readFileSync(join(directory, "damaged", "remote-config.json"), "utf8"), damaged);
    await store.save(content);
    t.match(await store.load(), content);
  }
});

t.test("a directory that cannot be used refuses what is saved, and holds nothing", async (t) => {
  const directory = t.testdir({ plain: "" });
  const store = new RemoteStore(join(directory, "plain", "state"), "d", new Logs());
  t.match(await store.load(), nothing);
  await t.rejects(store.save(content));
  mkdirSync(join(directory, "remote-config.json"));
  const taken = new RemoteStore(directory, "d", new Logs());
  t.match(await taken.load(), nothing);
  await t.rejects(taken.save(content));
});

import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { FileOutbox, type FileOutboxOptions, type Outbox } from "../../src/events/index.js";
import { sampleEvent } from "../support/event.js";
import { Logs } from "../support/logs.js";

function open(directory: string, changes: Partial<FileOutboxOptions> = {}): Promise<FileOutbox> {
  return FileOutbox.open({ directory, maxEvents: 100, logger: new Logs(), ...changes });
}

async function sequences(outbox: Outbox, after?: number): Promise<number[]> {
  const found: number[] = [];
  for await (const event of outbox.pending(after)) found.push(event.sequence);
  return found;
}

t.test("keeps events in order, over a restart, until they are removed", async (t) => {
  const directory = join(t.testdir(), "new", "outbox");
  const first = await open(directory);
  // All at once: numbers and files still come in order.
  await Promise.all(Array.from({ length: 12 }, () => first.append(sampleEvent)));
  await first.remove(2);
  await first.close();
  await first.close();
  const second = await open(directory);
  t.strictSame(await sequences(second), [1, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
  t.strictSame(await sequences(second, 10), [11, 12]);
  for await (const event of second.pending()) t.strictSame(event, sampleEvent(event.sequence));
});

t.test("never gives a number twice, also when nothing is left to remember it", async (t) => {
  const directory = t.testdir();
  for (let start = 0; start < 4; start++) {
    const outbox = await open(directory);
    for (let count = 0; count < 3; count++) {
      const { sequence } = await outbox.append(sampleEvent);
      t.equal(sequence, start * 3 + count + 1);
      await outbox.remove(sequence);
    }
  }
  t.strictSame(readdirSync(directory), ["last-000000000000012"]);
});

t.test("a build that fails uses no number up", async (t) => {
  const outbox = await open(t.testdir());
  const fail = () => {
    throw new Error("no event");
  };
  await t.rejects(outbox.append(fail), { message: "no event" });
  t.equal((await outbox.append(sampleEvent)).sequence, 1);
});

t.test("gives up the oldest when full, and counts it", async (t) => {
  const logger = new Logs();
  const outbox = await open(t.testdir(), { maxEvents: 3, logger });
  for (let count = 0; count < 5; count++) await outbox.append(sampleEvent);
  t.strictSame(await sequences(outbox), [3, 4, 5]);
  t.match(outbox.stats(), { appended: 5, pending: 3, evicted: 2 });
  t.equal(logger.count(/full; the oldest event is given up/), 2);
});

t.test("gives up what is too old", async (t) => {
  const outbox = await open(t.testdir());
  await outbox.append(sampleEvent);
  await outbox.append(sampleEvent);
  t.equal(await outbox.expire(60_000), 0);
  t.equal(await outbox.expire(-1000), 2);
  t.match(outbox.stats(), { pending: 0, evicted: 2 });
  t.equal((await outbox.append(sampleEvent)).sequence, 3);
});

t.test("tells of every append until told not to", async (t) => {
  const outbox = await open(t.testdir());
  let told = 0;
  const stop = outbox.onAppend(() => told++);
  await outbox.append(sampleEvent);
  stop();
  await outbox.append(sampleEvent);
  t.equal(told, 1);
});

t.test("moves aside what holds no event, and goes on", async (t) => {
  const directory = t.testdir();
  const before = await open(directory);
  for (let count = 0; count < 4; count++) await before.append(sampleEvent);
  writeFileSync(join(directory, "000000000000002.json"), '{"id": "x", "seq');
  writeFileSync(join(directory, "000000000000004.json"), JSON.stringify(sampleEvent(9)));
  writeFileSync(join(directory, "000000000000005.json.tmp"), "half");
  const outbox = await open(directory);
  t.strictSame(await sequences(outbox), [1, 3]);
  t.match(outbox.stats(), { pending: 2, corrupt: 2 });
  t.strictSame(readdirSync(join(directory, "corrupt")).sort(), ["000000000000002.json", "000000000000004.json"]);
  t.notOk(readdirSync(directory).some((name) => name.endsWith(".tmp")));
  t.equal((await (await open(directory)).append(sampleEvent)).sequence, 5, "the number of a corrupt file is used up");
});

t.test("a directory that cannot be used is refused by name", async (t) => {
  const directory = t.testdir({ file: "" });
  const refusal = { code: "OUTBOX_UNWRITABLE", message: /outbox.directory .*file/ };
  await t.rejects(open(join(directory, "file")), refusal);
  mkdirSync(join(directory, "last-000000000000000"));
  await t.rejects(open(directory), { code: "OUTBOX_UNWRITABLE" });
});

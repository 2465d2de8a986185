import { readdirSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { sampleEvent } from "../support/event.js";
import { Logs } from "../support/logs.js";
import { openOutbox, sequencesOf } from "../support/outbox.js";

const fileOf = (sequence: number) => `${String(sequence).padStart(15, "0")}.json`;

/** A directory as the outbox of one file an event left it. */
function formerOutbox(directory: string, sequences: readonly number[], mark: number): void {
  for (const sequence of sequences)
    writeFileSync(join(directory, fileOf(sequence)), JSON.stringify(sampleEvent(sequence)));
  writeFileSync(join(directory, `last-${String(mark).padStart(15, "0")}`), "");
}

t.test("the events of the former outbox are taken over once, with their numbers and ages", async (t) => {
  const directory = t.testdir();
  formerOutbox(directory, [4, 6, 7], 5);
  utimesSync(join(directory, fileOf(4)), 1_750_000_000, 1_750_000_000);
  writeFileSync(join(directory, fileOf(8)), '{"id": "x", "seq');
  writeFileSync(join(directory, `${fileOf(9)}.tmp`), "half");
  const logger = new Logs();
  const outbox = await openOutbox(directory, { logger });
  t.equal(logger.count(/^warn outbox: took over the files/), 1);
  t.match(outbox.stats(), { pending: 3, corrupt: 1 });
  for await (const { event } of outbox.pending()) t.strictSame(event, sampleEvent(event.sequence));
  t.strictSame(await sequencesOf(outbox), [4, 6, 7]);
  t.equal(await outbox.expire(24 * 3600 * 1000), 1, "the file's age is the event's");
  t.equal((await outbox.append(sampleEvent)).sequence, 9, "the number of a file without an event is used up");
  await outbox.close();
  t.strictSame(readdirSync(directory).sort(), ["corrupt", "last-000000000000009", "outbox.db"]);
  t.strictSame(readdirSync(join(directory, "corrupt")), [fileOf(8)]);
  const again = await openOutbox(directory);
  t.teardown(() => again.close());
  t.strictSame(await sequencesOf(again), [6, 7, 9]);
});

t.test("an import that a crash cut off is finished, and nothing is there twice", async (t) => {
  const directory = t.testdir();
  formerOutbox(directory, [1, 2, 3], 0);
  await (await openOutbox(directory)).close();
  // As if the power had gone between the commit and the removal of the files.
  formerOutbox(directory, [2, 3], 3);
  const outbox = await openOutbox(directory);
  t.teardown(() => outbox.close());
  t.strictSame(await sequencesOf(outbox), [1, 2, 3]);
  t.equal((await outbox.append(sampleEvent)).sequence, 4);
});

import t from "tap";
import { FileOutbox } from "../../src/events/index.js";
import { DirectorySpool } from "../../src/events/spool.js";
import { sampleEvent } from "../support/event.js";
import { Logs, until } from "../support/logs.js";

/** A directory on a disk that can be full: no file gets content then; names can still change. */
class FullableSpool extends DirectorySpool {
  full = false;

  override async write(name: string, content: string): Promise<void> {
    if (this.full) throw Object.assign(new Error("ENOSPC: no space left on device, write"), { code: "ENOSPC" });
    await super.write(name, content);
  }
}

async function open(directory: string, spool: FullableSpool, maxUnwritten = 10) {
  const logger = new Logs();
  const outbox = await FileOutbox.open({ directory, spool, maxEvents: 100, maxUnwritten, retryMs: 20, logger });
  return { outbox, logger };
}

t.test("a full disk loses nothing: events are offered from memory and written later", async (t) => {
  const directory = t.testdir();
  const spool = new FullableSpool(directory);
  const { outbox, logger } = await open(directory, spool);
  await outbox.append(sampleEvent);
  spool.full = true;
  for (let count = 0; count < 3; count++) await outbox.append(sampleEvent);
  t.match(outbox.stats(), { pending: 4, unwritten: 3, lastError: /ENOSPC/ });
  t.equal(logger.count(/^error .*ENOSPC/), 1, "said once");
  const offered: number[] = [];
  for await (const event of outbox.pending()) offered.push(event.sequence);
  t.strictSame(offered, [1, 2, 3, 4]);
  spool.full = false;
  await until(() => outbox.stats().unwritten === 0);
  t.match(outbox.stats(), { pending: 4, lastError: undefined });
  t.equal(logger.count(/takes events again/), 1);
  const { outbox: next } = await open(directory, spool);
  t.equal(next.stats().pending, 4);
});

t.test("a number seen outside while the disk was full is not given again after a crash", async (t) => {
  const directory = t.testdir();
  const spool = new FullableSpool(directory);
  const { outbox } = await open(directory, spool);
  spool.full = true;
  t.equal((await outbox.append(sampleEvent)).sequence, 1);
  t.equal((await outbox.append(sampleEvent)).sequence, 2);
  await outbox.remove(1);
  const { outbox: afterCrash } = await open(directory, new FullableSpool(directory));
  t.equal((await afterCrash.append(sampleEvent)).sequence, 3);
});

t.test("memory is bounded too: what it gives up is counted and said", async (t) => {
  const directory = t.testdir();
  const spool = new FullableSpool(directory);
  const { outbox, logger } = await open(directory, spool, 2);
  spool.full = true;
  for (let count = 0; count < 5; count++) await outbox.append(sampleEvent);
  t.match(outbox.stats(), { pending: 2, unwritten: 2, evicted: 3 });
  t.equal(logger.count(/oldest unwritten event is lost/), 3);
  spool.full = false;
  await outbox.close();
  t.match(outbox.stats(), { pending: 2, unwritten: 0 });
});

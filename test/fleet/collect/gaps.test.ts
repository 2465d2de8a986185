import t from "tap";
import { gapsBetween, listGaps } from "../../../src/fleet/collect/gaps.js";
import type { Message } from "../../../src/fleet/collect/messages/index.js";
import type { Store } from "../../../src/fleet/collect/store.js";
import { KINDS } from "./support/databases.js";
import { EVENT, event, message, rowsOf } from "./support/messages.js";
import { openStore } from "./support/store.js";

const of = (device: string, bootId: string, ...sequences: readonly number[]): Message[] =>
  sequences.map((sequence) => message(EVENT, event(sequence, { device, bootId }), device));

async function gaps(store: Store): Promise<string[]> {
  const found = await listGaps(store, new Date(Date.now() + 60_000));
  return found.map(
    ({ device, firstMissing, lastMissing, missing }) => `${device} ${firstMissing}-${lastMissing} ${missing}`,
  );
}

for (const kind of KINDS) {
  t.test(`${kind}: gaps are found, and nothing else is taken for one`, async (t) => {
    const store = await openStore(t, kind);
    if (store === undefined) return;
    // One that is joined late, over three starts.
    await store.write(rowsOf(...of("whole", "a", 418, 419), ...of("whole", "b", 420), ...of("whole", "c", 421, 422)));
    t.same(await gaps(store), []);
    // Out of order, and filled in later.
    await store.write(rowsOf(...of("late", "a", 3, 1, 5)));
    t.same(await gaps(store), ["late 2-2 1", "late 4-4 1"]);
    await store.write(rowsOf(...of("late", "b", 8, 7), ...of("late", "a", 4, 6, 2)));
    t.same(await gaps(store), []);
    // A directory that was emptied, twice; what is missing on either side of that shows still.
    await store.write(rowsOf(...of("emptied", "a", 97, 98, 100)));
    await store.write(rowsOf(...of("emptied", "b", 1, 2), ...of("emptied", "c", 3, 5, 6, 7)));
    await store.write(rowsOf(...of("emptied", "d", 1, 2, 3)));
    t.same(await gaps(store), ["emptied 4-4 1", "emptied 99-99 1"]);
    // Between two starts.
    await store.write(rowsOf(...of("lost", "a", 1, 2), ...of("lost", "b", 10, 11)));
    t.same((await gaps(store)).at(-1), "lost 3-9 7");
    // The same event under a new number, as of a file that is read once more.
    const [first] = of("again", "a", 1);
    const { id } = JSON.parse(String(first?.payload)) as { id: string };
    const again = message(EVENT, event(2, { id, device: "again", bootId: "a" }), "again");
    await store.write(rowsOf(...(first === undefined ? [] : [first]), again, ...of("again", "a", 3)));
    t.equal((await gaps(store)).length, 3);
  });

  t.test(`${kind}: what is new among the gaps is told once its time has come`, async (t) => {
    const store = await openStore(t, kind);
    if (store === undefined) return;
    const start = new Date(Date.now() - 1);
    await store.write(rowsOf(...of("device", "a", 1, 2, 5), ...of("other", "a", 7, 8)));
    const middle = new Date(Date.now() + 1);
    const found = await gapsBetween(store, start, middle);
    t.same(
      found.map(({ device, firstMissing, lastMissing }) => [device, firstMissing, lastMissing]),
      [["device", 3, 4]],
    );
    t.ok(Date.parse(found[0]?.noticedAt ?? "") >= start.getTime());
    t.same(await gapsBetween(store, new Date(start.getTime() - 60_000), start), []);
    t.same(await gapsBetween(store, middle, new Date(middle.getTime() + 60_000)), []);
  });
}

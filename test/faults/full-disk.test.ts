import t from "tap";
import { fullDisk } from "./support/full-disk.js";
import { judge } from "./support/outcome.js";

t.test("a disk that is full while the broker is away costs no event", async (t) => {
  const result = await fullDisk(t, { events: 100, times: 2 });
  if (result === undefined) return;
  judge(t, result.outcome);
  t.ok(result.held > 0, "the disk was full");
  t.equal(result.left, 0, "what the broker has is gone from the disk");
});

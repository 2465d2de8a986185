import t from "tap";
import { fuzz } from "../config/remote/support/fuzz.js";

t.test("ten thousand documents: whatever comes is answered, and only remote keys ever change", async (t) => {
  const counts = await fuzz(10_000);
  process.stderr.write(`remote configuration: ${JSON.stringify(counts)}\n`);
  t.ok(counts.documents >= 10_000);
  t.ok(counts.applied > 500 && counts.refused > 500);
  t.notOk("polluted" in {});
});

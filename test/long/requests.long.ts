import t from "tap";
import { fuzz } from "../mqtt/requests/support/fuzz.js";

t.test("ten thousand requests: whatever comes is answered once, with what the schema allows", async (t) => {
  const { ok, error } = await fuzz(10_000);
  process.stderr.write(`requests: {"ok":${ok},"error":${error}}\n`);
  t.equal(ok + error, 10_000);
  t.ok(ok > 100 && error > 5000);
});

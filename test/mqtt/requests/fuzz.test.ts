import t from "tap";
import { fuzz } from "./support/fuzz.js";

t.test("whatever comes is answered once, with what the schema allows", async (t) => {
  const { ok, error } = await fuzz(1000);
  t.equal(ok + error, 1000);
  t.ok(ok > 0 && error > 500);
});

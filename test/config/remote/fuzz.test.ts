import t from "tap";
import { fuzz } from "./support/fuzz.js";

t.test("whatever comes is answered, and only remote keys ever change", async (t) => {
  const { documents, applied, refused } = await fuzz(400);
  t.ok(documents >= 400);
  t.ok(applied > 20, `some are applied: ${applied}`);
  t.ok(refused > 20, `some are refused: ${refused}`);
  t.notOk("polluted" in {});
});

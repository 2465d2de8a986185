import t from "tap";
import { judge } from "./support/outcome.js";
import { slowBroker } from "./support/slow-broker.js";

t.test("a slow broker gets every event once", async (t) => {
  const outcome = await slowBroker(t, { events: 60, delayMs: 100 });
  judge(t, outcome);
  t.equal(outcome.duplicates, 0);
});

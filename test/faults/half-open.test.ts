import t from "tap";
import { halfOpen } from "./support/half-open.js";
import { judge } from "./support/outcome.js";

t.test("a connection that carries nothing any more costs no event", async (t) => {
  judge(t, await halfOpen(t, { events: 100, times: 2, what: "everything" }));
});

t.test("a connection that carries no answers any more gives duplicates, each as the first", async (t) => {
  const outcome = await halfOpen(t, { events: 100, times: 2, what: "answers" });
  judge(t, outcome);
  t.ok(outcome.duplicates > 0);
});

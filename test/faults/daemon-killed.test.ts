import t from "tap";
import { daemonKilled } from "./support/daemon-killed.js";
import { judge } from "./support/outcome.js";

t.test("a daemon that is killed at random points costs no event and repeats no number", async (t) => {
  const outcome = await daemonKilled(t, { kills: 2, seed: 1 });
  judge(t, outcome);
  t.ok(outcome.events > 0);
});

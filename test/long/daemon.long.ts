import t from "tap";
import { daemonKilled } from "../faults/support/daemon-killed.js";
import { judge } from "../faults/support/outcome.js";
import { tell } from "./support/tell.js";

t.test("the whole daemon, killed at random points, loses no event and repeats no number", async (t) => {
  const outcome = tell(await daemonKilled(t, { kills: 50, seed: 7 }));
  judge(t, outcome);
  t.ok(outcome.events >= 25);
});

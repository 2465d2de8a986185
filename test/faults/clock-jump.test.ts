import t from "tap";
import { clockJump } from "./support/clock-jump.js";
import { judge } from "./support/outcome.js";

t.test("a wall clock that jumps to and fro costs no event", async (t) => {
  judge(t, await clockJump(t, { events: 100, jumps: 4 }));
});

import t from "tap";
import { judge } from "./support/outcome.js";
import { publisherKilled } from "./support/publisher-killed.js";

t.test("a process that is killed at random points costs no event and repeats no number", async (t) => {
  judge(t, await publisherKilled(t, { kills: 4, seed: 1 }));
});

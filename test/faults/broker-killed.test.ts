import t from "tap";
import { brokerKilled } from "./support/broker-killed.js";
import { judge } from "./support/outcome.js";

t.test("a broker that is killed again and again costs no event", async (t) => {
  judge(t, await brokerKilled(t, { events: 300, kills: 5, seed: 1 }));
});

import t from "tap";
import { connectionCut } from "../faults/support/connection-cut.js";
import { judge } from "../faults/support/outcome.js";
import { nats, rabbitmq } from "./support/recipes.js";
import { startBroker } from "./support/spawned-broker.js";
import { tell } from "./support/tell.js";

for (const recipe of [nats, rabbitmq]) {
  t.test(`${recipe.name}: a connection that breaks again and again costs no event`, async (t) => {
    const broker = await startBroker(t, recipe);
    if (broker === undefined) return;
    const outcome = tell(await connectionCut(t, broker, { events: 1000, cuts: 20 }));
    judge(t, outcome);
  });
}

import t from "tap";
import { BROKERS, isInstalled } from "../fleet/load/support/brokers.js";
import { fleetLoad, type LoadOptions } from "../fleet/load/support/fleet-load.js";
import { tableHead, tableRow } from "../fleet/load/support/render.js";

/** RabbitMQ wants more of two processors than a thousand devices leave it. */
const DEVICES = { mosquitto: 1000, nats: 1000, rabbitmq: 200 };

for (const broker of BROKERS) {
  t.test(`${broker}: ${DEVICES[broker]} devices lose nothing while each part is killed five times`, async (t) => {
    if (!isInstalled(broker)) return t.plan(0, `${broker} is not installed`);
    const tell = (line: string) => process.stderr.write(`${line}\n`);
    const options: LoadOptions = {
      broker,
      to: "postgres",
      devices: DEVICES[broker],
      rate: 2,
      seconds: 150,
      kills: 5,
      collectors: 1,
      options: [],
      tell,
    };
    const result = await fleetLoad(options);
    tell(`${tableHead()}\n${tableRow(options, result)}`);
    const { events, lost, twice, gaps, kills } = result;
    t.same(
      { events, lost, twice, gaps, kills },
      { events: DEVICES[broker] * 300, lost: 0, twice: 0, gaps: 0, kills: 15 },
    );
    return undefined;
  });
}

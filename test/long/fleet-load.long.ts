import t from "tap";
import { BROKERS, isInstalled } from "../fleet/load/support/brokers.js";
import { fleetLoad, type LoadOptions } from "../fleet/load/support/fleet-load.js";
import { tableHead, tableRow } from "../fleet/load/support/render.js";

for (const broker of BROKERS) {
  t.test(`${broker}: a thousand devices lose nothing while each part is killed five times`, async (t) => {
    if (!isInstalled(broker)) return t.plan(0, `${broker} is not installed`);
    const tell = (line: string) => process.stderr.write(`${line}\n`);
    const options: LoadOptions = {
      broker,
      to: "postgres",
      devices: 1000,
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
    t.same({ events, lost, twice, gaps, kills }, { events: 300_000, lost: 0, twice: 0, gaps: 0, kills: 15 });
    return undefined;
  });
}

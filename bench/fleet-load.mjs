/**
 * What a fleet asks of `flinch collect`: simulated devices, a real broker, collectors and a real database, all of them
 * on loopback; with --kills, each is killed so often on the way. Prints a row of the table in docs/collect.md.
 * Build first: `npm run setup`. Needs Debian's mosquitto, nats-server or rabbitmq-server, and postgresql.
 *
 *   node bench/fleet-load.mjs [--broker mosquitto|nats|rabbitmq] [--to duckdb|postgres] [--devices N] [--rate N]
 *     [--seconds N] [--kills N] [--collectors N] [-- OPTIONS OF FLINCH COLLECT]
 */
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import "../test/support/typescript.mjs";

process.chdir(dirname(dirname(fileURLToPath(import.meta.url))));
const { fleetLoad } = await import("../test/fleet/load/support/fleet-load.ts");
const { tableHead, tableRow } = await import("../test/fleet/load/support/render.ts");

const text = (name) => ({ type: "string", default: name });
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    broker: text("mosquitto"),
    to: text("postgres"),
    devices: text("100"),
    rate: text("2"),
    seconds: text("30"),
    kills: text("0"),
    collectors: text("1"),
  },
});
const numbers = Object.fromEntries(
  ["devices", "rate", "seconds", "kills", "collectors"].map((name) => [name, Number(values[name])]),
);
const tell = (line) => process.stderr.write(`${new Date().toISOString()} ${line}\n`);
const options = { broker: values.broker, to: values.to, ...numbers, options: positionals, tell };
const result = await fleetLoad(options);
process.stdout.write(`${tableHead()}\n${tableRow(options, result)}\n`);
for (const trouble of result.troubles) tell(trouble);
tell(
  `messages in a transaction: ${result.batch}; the longest took ${result.longestMs} ms; commits not known of ${result.delaysMs.unknown} rows`,
);
if (result.lost + result.twice > 0) process.exitCode = 1;

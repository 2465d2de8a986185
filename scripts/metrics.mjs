/** `npm run metrics`: writes the tables of docs/metrics.md from src/metrics/, which it reads as built. */

import { readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { Metrics } from "../dist/metrics/index.js";

const PAGE = "docs/metrics.md";
/** What prom-client tells of any program in Node.js. */
const OF_THE_PROCESS = /^flinch_(process|nodejs)_/;

const row = (cells) => `| ${cells.join(" | ")} |`;

function tableOf(metrics) {
  const rows = metrics.map(({ name, type, labels, help }) => {
    const named = labels.map((label) => `\`${label}\``).join(", ");
    return row([`\`${name}\``, type, named, help.replaceAll("|", "\\|")]);
  });
  return [row(["metric", "type", "labels", "what"]), "|---|---|---|---|", ...rows].join("\n");
}

/** Every metric that a scrape holds. */
function described() {
  const unasked = () => {
    throw new Error("a description needs no state");
  };
  const metrics = new Metrics({ state: unasked, info: unasked });
  metrics.close();
  return metrics.describe();
}

/** The page with its tables made anew; throws where a marker is missing. */
export function metricsPage() {
  const all = described();
  const tables = {
    metrics: all.filter(({ name }) => !OF_THE_PROCESS.test(name)),
    process: all.filter(({ name }) => OF_THE_PROCESS.test(name)),
  };
  return Object.entries(tables).reduce(
    (page, [name, metrics]) => {
      const block = new RegExp(`(<!-- ${name} -->\\n)[\\s\\S]*?(<!-- /${name} -->)`);
      if (!block.test(page)) throw new Error(`${PAGE} has no markers for ${name}`);
      return page.replace(block, (_, begin, end) => `${begin}${tableOf(metrics)}\n${end}`);
    },
    readFileSync(PAGE, "utf8"),
  );
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  process.chdir(dirname(dirname(fileURLToPath(import.meta.url))));
  writeFileSync(PAGE, metricsPage());
}

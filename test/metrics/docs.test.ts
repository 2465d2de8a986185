import { readFileSync } from "node:fs";
import t from "tap";
import { metricsPage } from "../../scripts/metrics.mjs";

t.test("docs/metrics.md has every metric that a scrape has", async (t) => {
  t.ok(readFileSync("docs/metrics.md", "utf8") === metricsPage(), "npm run metrics writes it anew");
});

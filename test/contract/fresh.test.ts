import { readdirSync, readFileSync } from "node:fs";
import t from "tap";
import { contractFiles } from "../../scripts/contract.mjs";

t.test("schemas, AsyncAPI document and tables are what the contract says", async (t) => {
  const files = contractFiles();
  for (const [path, text] of files)
    t.ok(readFileSync(path, "utf8") === text, `${path}: npm run contract writes it anew`);
  const schemas = readdirSync("docs/schemas", { withFileTypes: true }).filter((entry) => entry.isFile());
  for (const { name } of schemas) t.ok(files.has(`docs/schemas/${name}`), `${name} is a payload's`);
});

/**
 * `npm run contract`: writes docs/schemas, docs/asyncapi.yaml and the tables of docs/mqtt.md from src/contract/, which
 * it reads as built.
 */

import { writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { asyncapi } from "./contract/asyncapi.mjs";
import { schemaFiles } from "./contract/schemas.mjs";
import { withTables } from "./contract/tables.mjs";

/** Every file that follows from the contract: its path, and what it should hold. */
export function contractFiles() {
  return new Map([...schemaFiles(), ["docs/asyncapi.yaml", asyncapi()], ["docs/mqtt.md", withTables("docs/mqtt.md")]]);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  process.chdir(dirname(dirname(fileURLToPath(import.meta.url))));
  for (const [path, text] of contractFiles()) writeFileSync(path, text);
}

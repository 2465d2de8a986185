import { payloads } from "../../dist/contract/payloads.js";

/** An empty list of what is required says nothing. */
const sparing = (key, value) => (key === "required" && value.length === 0 ? undefined : value);

/** The JSON Schema of every payload: [path, text]. */
export function schemaFiles() {
  return Object.entries(payloads).map(([name, schema]) => [
    `docs/schemas/${name}.json`,
    `${JSON.stringify(schema, sparing, 2)}\n`,
  ]);
}

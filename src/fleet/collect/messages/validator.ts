import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import { payloads } from "../../../contract/index.js";
import { isObject } from "../../../lib/json-payload.js";

/** What a collector takes: the payloads of these topics. */
export const COLLECTED = [
  "availability",
  "info",
  "state",
  "micro_expression",
  "session_summary",
  "daily_summary",
  "review",
  "deletion",
  "evidence",
] as const;

export type Collected = (typeof COLLECTED)[number];

export const isCollected = (name: string | undefined): name is Collected => COLLECTED.some((each) => each === name);

/** A schema that takes fields it does not know: a newer device may add some (docs/mqtt.md). */
function opened(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(opened);
  if (!isObject(schema)) return schema;
  const kept = Object.entries(schema).filter(([key, value]) => key !== "additionalProperties" || value !== false);
  return Object.fromEntries(kept.map(([key, value]) => [key, opened(value)]));
}

const ajv = new Ajv2020({ strict: true, allowUnionTypes: true });
const compiled = new Map<Collected, ValidateFunction>();

/** What a payload breaks of its schema in the contract, in words; undefined where it fits. */
export function misfit(name: Collected, payload: unknown): string | undefined {
  const validate = compiled.get(name) ?? ajv.compile(opened(payloads[name]) as object);
  compiled.set(name, validate);
  if (validate(payload)) return undefined;
  return ajv.errorsText(validate.errors?.slice(0, 1), { dataVar: name });
}

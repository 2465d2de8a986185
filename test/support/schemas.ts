import { readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";

type Validator = (payload: unknown) => string;

const ajv = new Ajv2020({ strict: true, allowUnionTypes: true, allErrors: true });
const ready = new Map<string, Validator>();

/** What a payload breaks of its schema in docs/schemas, in words; empty when it conforms. */
export function conforms(name: string, payload: unknown): string {
  return validatorOf(name)(payload);
}

/** `conforms` for one schema; it is read once. */
export function validatorOf(name: string): Validator {
  const known = ready.get(name);
  if (known !== undefined) return known;
  const validate = ajv.compile(JSON.parse(readFileSync(`docs/schemas/${name}.json`, "utf8")));
  // Through JSON, as subscribers see it.
  const validator: Validator = (payload) =>
    validate(JSON.parse(JSON.stringify(payload))) ? "" : ajv.errorsText(validate.errors);
  ready.set(name, validator);
  return validator;
}

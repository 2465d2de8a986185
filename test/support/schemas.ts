import { readFileSync } from "node:fs";
import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";

const ajv = new Ajv2020({ strict: true, allowUnionTypes: true, allErrors: true });
const compiled = new Map<string, ValidateFunction>();

function validatorOf(name: string): ValidateFunction {
  const known = compiled.get(name);
  if (known !== undefined) return known;
  const validate = ajv.compile(JSON.parse(readFileSync(`docs/schemas/${name}.json`, "utf8")));
  compiled.set(name, validate);
  return validate;
}

/** What a payload breaks of its schema in docs/schemas, in words; empty when it conforms. */
export function conforms(name: string, payload: unknown): string {
  const validate = validatorOf(name);
  // Through JSON, as subscribers see it.
  return validate(JSON.parse(JSON.stringify(payload))) ? "" : ajv.errorsText(validate.errors);
}

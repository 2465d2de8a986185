import { readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";

/** What a payload breaks of its schema in docs/schemas, in words; empty when it conforms. */
export function conforms(name: string, payload: unknown): string {
  return validatorOf(name)(payload);
}

/** `conforms`, made ready for many payloads. */
export function validatorOf(name: string): (payload: unknown) => string {
  const ajv = new Ajv2020({ strict: true, allowUnionTypes: true, allErrors: true });
  const validate = ajv.compile(JSON.parse(readFileSync(`docs/schemas/${name}.json`, "utf8")));
  // Through JSON, as subscribers see it.
  return (payload) => (validate(JSON.parse(JSON.stringify(payload))) ? "" : ajv.errorsText(validate.errors));
}

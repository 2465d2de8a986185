import { Ajv2020, type ErrorObject, type ValidateFunction } from "ajv/dist/2020.js";
import { request } from "../../contract/index.js";
import { FlinchError } from "../../lib/errors.js";

const ID = "request.json";
/** Longest part of somebody's payload that a message quotes. */
const MAX_QUOTED = 64;

/** Checks a request's payload against what the contract says of its name. */
export class RequestSchemas {
  private readonly ajv = new Ajv2020({ strict: true });

  constructor() {
    this.ajv.addSchema(request, ID);
  }

  /** @throws FlinchError REQUEST_INVALID with the first thing that is wrong */
  check(name: string, fields: Readonly<Record<string, unknown>>): void {
    const validate = this.of(name);
    if (validate(fields)) return;
    const [error] = validate.errors ?? [];
    throw new FlinchError("REQUEST_INVALID", `${name}: ${error === undefined ? "not allowed" : inWords(error)}`);
  }

  private of(name: string): ValidateFunction {
    const validate = this.ajv.getSchema(`${ID}#/$defs/${name.replaceAll("/", "~1")}`);
    if (validate === undefined) throw new Error(`the contract says nothing of ${name}`);
    return validate;
  }
}

function inWords({ keyword, instancePath, message = "is not allowed", params }: ErrorObject): string {
  const unknown: unknown = params["additionalProperty"];
  if (keyword === "additionalProperties" && typeof unknown === "string") return `no parameter '${quoted(unknown)}'`;
  const path = instancePath.slice(1).replaceAll("/", ".");
  const allowed = Array.isArray(params["allowedValues"]) ? `: ${params["allowedValues"].join(", ")}` : "";
  return `${path === "" ? "the payload" : path} ${message}${allowed}`;
}

/** The beginning of a text, in whole characters. */
export function quoted(text: string, most = MAX_QUOTED): string {
  const characters = [...text];
  return characters.length <= most ? text : `${characters.slice(0, most - 1).join("")}…`;
}

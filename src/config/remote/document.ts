import { isObject, type JsonObject, parseJson } from "../../lib/json-payload.js";
import { Refusal } from "./refusal.js";

/** A document of `config/desired`, well formed; its keys and its signature are not judged yet. */
export interface Desired {
  readonly version: number;
  /** RFC 7396 merge patch over the configuration. */
  readonly config: JsonObject;
  /** Base64. */
  readonly signature: string | undefined;
}

export const desiredSchema = "flinch/config_desired/1";

/** Deeper than any key lies: what goes deeper is refused before anything walks down it. */
const MAX_DEPTH = 8;
const MEMBERS = ["schema", "version", "config", "signature"];
const SHOWN = 40;

/**
 * Reads the payload of `config/desired`.
 * @throws Refusal saying what is wrong with its form
 */
export function parseDesired(payload: Uint8Array): Desired {
  const content = read(payload);
  if (!isObject(content)) throw new Refusal('the document must be an object: {"version": 1, "config": {…}}');
  const version = readVersion(content["version"]);
  const refuse = (reason: string) => new Refusal(reason, version);
  if (isDeeperThan(content, MAX_DEPTH)) throw refuse(`the document is nested deeper than ${MAX_DEPTH} levels`);
  const other = Object.keys(content).find((name) => !MEMBERS.includes(name));
  if (other !== undefined) {
    throw refuse(`there is no member ${quoted(other)} beside ${MEMBERS.join(", ")}; keys belong into config`);
  }
  const { schema, config, signature } = content;
  if (version === null) throw refuse("version must be a whole number from 1 on");
  if (schema !== undefined && schema !== desiredSchema) throw refuse(`schema, where given, must be ${desiredSchema}`);
  if (!isObject(config)) throw refuse("config must be an object of sections, like the configuration file");
  if (signature !== undefined && typeof signature !== "string") throw refuse("signature must be text in base64");
  return { version, config, signature };
}

/** A word of a stranger's, short enough to be shown. */
export function quoted(word: string): string {
  return JSON.stringify(word.length > SHOWN ? `${word.slice(0, SHOWN)}…` : word);
}

function read(payload: Uint8Array): unknown {
  try {
    return parseJson(payload);
  } catch {
    // The parser's own message would quote the payload.
    throw new Refusal("the document is not JSON in UTF-8");
  }
}

function readVersion(version: unknown): number | null {
  return Number.isSafeInteger(version) && (version as number) >= 1 ? (version as number) : null;
}

function isDeeperThan(value: unknown, levels: number): boolean {
  if (typeof value !== "object" || value === null) return false;
  return levels === 0 || Object.values(value).some((inner) => isDeeperThan(inner, levels - 1));
}

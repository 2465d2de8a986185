/** An object as JSON holds it. */
export type JsonObject = { readonly [name: string]: unknown };

const utf8 = new TextDecoder("utf-8", { fatal: true });

/**
 * What a stranger's payload says.
 * @throws Error where it is no JSON, or not in UTF-8; its message may quote the payload
 */
export function parseJson(payload: Uint8Array): unknown {
  return JSON.parse(utf8.decode(payload));
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

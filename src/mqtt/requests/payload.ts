import { MAX_BYTES, MAX_TRANSACTION } from "../../contract/index.js";
import { FlinchError } from "../../lib/errors.js";
import { FREE_TEXT, FREE_TEXT_ALLOWED } from "../../lib/free-text.js";
import { isObject, parseJson } from "../../lib/json-payload.js";

/** A request's payload as far as it can be read: of a bad one at least whose it is. */
export interface Read {
  readonly transaction: string | null;
  /** The whole payload, the transaction among it; missing where there is a problem. */
  readonly fields?: Readonly<Record<string, unknown>>;
  readonly problem?: FlinchError;
}

const invalid = (message: string): Read => ({
  transaction: null,
  problem: new FlinchError("REQUEST_INVALID", message),
});

/**
 * Reads the payload of a request; never throws.
 * @param payload its length alone, where it is too long to be looked at
 */
export function readPayload(payload: Buffer | number): Read {
  const bytes = typeof payload === "number" ? payload : payload.length;
  if (typeof payload === "number" || bytes > MAX_BYTES) {
    const message = `the payload has ${bytes} bytes, of at most ${MAX_BYTES}`;
    return { transaction: null, problem: new FlinchError("REQUEST_TOO_LARGE", message) };
  }
  // What clears a retained message is empty as well, and must not be taken for a request.
  if (payload.length === 0) return invalid("the payload is empty; without parameters it is {}");
  let parsed: unknown;
  try {
    parsed = parseJson(payload);
  } catch {
    return invalid("the payload is not JSON in UTF-8");
  }
  if (!isObject(parsed)) return invalid("the payload is not a JSON object");
  const fields = parsed;
  const transaction = Object.hasOwn(fields, "transaction") ? fields["transaction"] : null;
  // A null here is none, as it is in the response.
  if (transaction === null) return { transaction: null, fields };
  if (typeof transaction !== "string" || transaction.length > MAX_TRANSACTION || !FREE_TEXT.test(transaction))
    return invalid(`transaction is not a text of at most ${MAX_TRANSACTION} characters: ${FREE_TEXT_ALLOWED}`);
  return { transaction, fields };
}

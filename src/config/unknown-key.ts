import { FlinchError } from "../lib/errors.js";

/** The refusal of a key that does not exist, with the one that was probably meant. */
export function unknownKey(written: string, origin: string, meant: string | undefined): FlinchError {
  const hint = meant === undefined ? "see docs/configuration.md for all keys" : `did you mean ${meant}?`;
  return new FlinchError("CONFIG_INVALID", `${origin}: there is no key ${written}; ${hint}`);
}

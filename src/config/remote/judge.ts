import { createHash, type KeyObject } from "node:crypto";
import { reasonOf } from "../../lib/errors.js";
import { type Desired, parseDesired } from "./document.js";
import { refusedKeys } from "./patch.js";
import { Refusal } from "./refusal.js";
import { isSigned, signatureOf, signedText } from "./signature.js";
import type { Accepted } from "./store.js";

/**
 * Reads a document and judges all that can be said of it alone: form, signature, every key.
 * @param key that must have signed it; undefined where none must
 * @throws Refusal
 */
export function judge(payload: Uint8Array, topic: string, key: KeyObject | undefined): Accepted {
  const desired = parseDesired(payload);
  const { version, config } = desired;
  const text = canonicalText(desired, topic);
  // Before the keys: who may not speak is not told what could be said.
  if (key !== undefined) requireSignature(desired, topic, key);
  const refused = refusedKeys(config);
  if (refused.length > 0) {
    const first = refused[0];
    const others = refused.length > 1 ? ` (and ${refused.length - 1} more)` : "";
    throw new Refusal(`${first?.key}: ${first?.reason}${others}`, version, refused);
  }
  const digest = createHash("sha256").update(text).digest("hex");
  return { version, config, digest, ...(desired.signature !== undefined && { signature: desired.signature }) };
}

/**
 * A document with its signature, as it is to be published.
 * @param key without one it bears no signature
 * @throws Refusal for one that every device would refuse
 */
export function signDocument(payload: Uint8Array, topic: string, key: KeyObject | undefined): Desired {
  const { version, config } = judge(payload, topic, undefined);
  return { version, config, signature: key && signatureOf(key, topic, { version, config }) };
}

function canonicalText(desired: Desired, topic: string): string {
  try {
    return signedText(topic, desired);
  } catch (thrown) {
    throw new Refusal(reasonOf(thrown), desired.version);
  }
}

function requireSignature(desired: Desired, topic: string, key: KeyObject): void {
  const { version, signature } = desired;
  if (signature === undefined)
    throw new Refusal("the document is not signed, and remote.publicKeyFile is set", version);
  if (!isSigned(key, topic, desired)) {
    throw new Refusal(`the signature is not one of this topic, version and config by the key known here`, version);
  }
}

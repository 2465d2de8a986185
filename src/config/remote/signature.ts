import { createPrivateKey, createPublicKey, type KeyObject, sign, verify } from "node:crypto";
import { readFileSync } from "node:fs";
import canonicalize from "canonicalize";
import { FlinchError, reasonOf } from "../../lib/errors.js";
import { writtenText } from "../../lib/written-text.js";
import type { Desired } from "./document.js";

/**
 * What is signed: the RFC 8785 canonical JSON of topic, version and config, in UTF-8. The topic is among it, so that
 * a document for one device is none for another.
 * @throws FlinchError CONFIG_INVALID where a text holds half a surrogate pair: it has no canonical form
 */
export function signedText(topic: string, { version, config }: Pick<Desired, "version" | "config">): string {
  try {
    return canonicalize({ topic, version, config }) ?? "";
  } catch (thrown) {
    throw new FlinchError("CONFIG_INVALID", `the document has no canonical form: ${reasonOf(thrown)}`);
  }
}

/** True where the document bears this key's signature for this topic. */
export function isSigned(
  key: KeyObject,
  topic: string,
  desired: Pick<Desired, "version" | "config"> & { readonly signature?: string | undefined },
): boolean {
  const signature = Buffer.from(desired.signature ?? "", "base64");
  let text: string;
  try {
    text = signedText(topic, desired);
  } catch {
    return false;
  }
  return signature.length === 64 && verify(null, Buffer.from(text, "utf8"), key, signature);
}

/** The signature of a document, in base64. */
export function signatureOf(key: KeyObject, topic: string, document: Pick<Desired, "version" | "config">): string {
  return sign(null, Buffer.from(signedText(topic, document), "utf8"), key).toString("base64");
}

/**
 * Reads an Ed25519 key, PEM.
 * @param name of the key or option that names the file
 * @throws FlinchError CONFIG_UNREADABLE where the file cannot be read, CONFIG_INVALID where it holds no such key
 */
export function readEd25519(kind: "public" | "private", name: string, path: string): KeyObject {
  let pem: string;
  try {
    pem = writtenText(readFileSync(path));
  } catch (thrown) {
    throw new FlinchError("CONFIG_UNREADABLE", `${name}: ${path} cannot be read (${reasonOf(thrown)})`);
  }
  const refusal = new FlinchError("CONFIG_INVALID", `${name}: ${path} holds no Ed25519 ${kind} key in PEM`);
  // A private key's file would do for the public key as well, and does not belong on the device.
  if (kind === "public" && /PRIVATE KEY/.test(pem)) throw refusal;
  let key: KeyObject;
  try {
    key = kind === "public" ? createPublicKey(pem) : createPrivateKey(pem);
  } catch {
    throw refusal;
  }
  if (key.asymmetricKeyType !== "ed25519") throw refusal;
  return key;
}

import type { KeyObject } from "node:crypto";
import { Refusal, signDocument } from "../../config/remote/index.js";
import { FlinchError } from "../../lib/errors.js";
import type { KeptDocument } from "../devices.js";
import type { Watched } from "../watch.js";

/** What is done with a rollout's documents, and where it is told. */
export interface Tools {
  /** Signs every document; without one they bear no signature. */
  readonly key: KeyObject | undefined;
  /** Tells a person how it goes, a line each. */
  readonly say: (line: string) => void;
  readonly signal: AbortSignal;
}

/**
 * A document as it is published.
 * @throws FlinchError CONFIG_INVALID for one that every device would refuse
 */
export function publishable(document: KeptDocument, topic: string, key: KeyObject | undefined): object {
  try {
    return signDocument(Buffer.from(JSON.stringify(document)), topic, key);
  } catch (thrown) {
    if (thrown instanceof Refusal) throw new FlinchError("CONFIG_INVALID", `for ${topic}: ${thrown.message}`);
    throw thrown;
  }
}

/** Publishes a document, retained; on the broker when it returns. */
export async function publish(
  { broker }: Watched,
  topic: string,
  document: KeptDocument,
  { key, signal }: Tools,
): Promise<void> {
  await broker.retain(topic, publishable(document, topic, key), signal);
}

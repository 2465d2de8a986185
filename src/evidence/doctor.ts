import type { Check } from "../lib/check.js";
import { findEncoder } from "./encoder.js";
import { readKey } from "./key.js";
import { Seal } from "./seal.js";
import type { EvidenceSettings } from "./settings.js";

interface Checked {
  readonly evidence: EvidenceSettings;
  readonly state: { readonly directory: string };
  readonly outbox: { readonly directory: string };
}

/** Whether clips can be made: by ffmpeg, to a key that works; nothing to check where none are. */
export function evidenceCheck({ evidence, state, outbox }: Checked): Check[] {
  if (!evidence.enabled) return [];
  const run: Check["run"] = async () => {
    const { recipient } = await keyThatWorks();
    const { name } = await findEncoder(evidence.encoder, evidence.what);
    const kept = `${evidence.what} of every event, ${evidence.retentionDays} days`;
    return { status: "ok", detail: `${kept}, ${name}, encrypted to ${recipient}` };
  };
  const keyThatWorks = async () => {
    const key = await readKey(evidence.keyFile, [state.directory, outbox.directory]);
    await Seal.open(key, evidence.keyFile);
    return key;
  };
  return [{ name: "evidence", run }];
}

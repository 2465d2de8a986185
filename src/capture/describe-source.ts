import { redactAddress } from "../lib/redact.js";
import type { SourceConfig } from "./source-config.js";

/** What a source reads, in words that may stand in a log: without credentials. */
export function describeSource(config: SourceConfig): string {
  const subject = config.kind === "gstreamer" || config.uri === "" ? config.pipeline : config.uri;
  return `${config.kind} ${redactAddress(subject)}`.trim();
}

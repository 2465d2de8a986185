import type { Config } from "../config/index.js";
import { type Info, payloadSchemas } from "../contract/index.js";
import { flinchVersion, packageVersion } from "../lib/package-version.js";
import type { Models } from "../pipeline/index.js";
import { contentsOf } from "../recognition/index.js";
import { cv } from "../runtime/opencv.js";

/** What runs here; read once, for nothing of it changes while the process lives. */
const { major, minor, revision } = cv.version;
const versions: Info["versions"] = {
  flinch: flinchVersion(),
  node: process.versions.node,
  opencv: `${major}.${minor}.${revision}`,
  onnxruntime: packageVersion("onnxruntime-node"),
};

/** The payload of `info`: what this device is, with these models and this configuration. */
export function infoOf({ recogniser }: Pick<Models, "recogniser">, config: Config, bootId: string): Info {
  const { graph, entry } = recogniser;
  return {
    schema: "flinch/info/1",
    device: config.device.id,
    bootId,
    at: new Date().toISOString(),
    versions,
    model: { name: graph.model.entry.name, version: entry.version, sha256: graph.model.entry.sha256 },
    provider: graph.provider,
    engine: graph.engine ?? null,
    purpose: config.privacy.purpose,
    report: config.recognition.report,
    evidence: evidenceOf(config),
    capabilities: ["micro_expression", ...contentsOf(entry, config.recognition)],
    schemas: payloadSchemas,
  };
}

function evidenceOf({ evidence: { enabled, what, purpose, retentionDays } }: Config): Info["evidence"] {
  return enabled ? { content: what, purpose, retentionDays } : null;
}

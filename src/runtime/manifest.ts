import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { FlinchError, reasonOf } from "../lib/errors.js";
import { writtenText } from "../lib/written-text.js";

/** One graph of `models/manifest.json`; the keys beyond these belong to the stage that runs it. */
export interface ModelEntry {
  readonly file: string;
  readonly sha256: string;
  readonly bytes: number;
  readonly name: string;
  readonly version?: string;
  /** What its weights may be used for. */
  readonly licence?: string;
  readonly [key: string]: unknown;
}

/** A model file whose hash has been checked. */
export interface Model {
  readonly key: string;
  readonly entry: ModelEntry;
  readonly path: string;
  readonly bytes: Uint8Array;
}

export interface Manifest {
  readonly path: string;
  readonly models: Readonly<Record<string, ModelEntry>>;
}

/** The manifest that ships with Flinch. */
export const SHIPPED_MANIFEST = fileURLToPath(new URL("../../models/manifest.json", import.meta.url));

function isEntry(value: unknown): value is ModelEntry {
  const entry = value as Partial<ModelEntry> | null;
  return (
    typeof entry === "object" &&
    entry !== null &&
    typeof entry.file === "string" &&
    /^[0-9a-f]{64}$/.test(entry.sha256 ?? "") &&
    typeof entry.name === "string" &&
    (entry.licence === undefined || typeof entry.licence === "string")
  );
}

/**
 * Reads a manifest; an empty path means the shipped one.
 * @throws FlinchError MODEL_MANIFEST if it is missing, no JSON or not of schema 1.
 */
export function loadManifest(path = ""): Manifest {
  const file = path === "" ? SHIPPED_MANIFEST : path;
  let parsed: { schema?: unknown; models?: Record<string, unknown> | null } | null;
  try {
    parsed = JSON.parse(writtenText(readFileSync(file)));
  } catch (thrown) {
    throw new FlinchError("MODEL_MANIFEST", `Cannot read the model manifest ${file}: ${reasonOf(thrown)}`);
  }
  if (parsed?.schema !== 1 || typeof parsed.models !== "object" || parsed.models === null) {
    throw new FlinchError("MODEL_MANIFEST", `${file} is no model manifest of schema 1`);
  }
  const models: Record<string, ModelEntry> = {};
  for (const [key, value] of Object.entries(parsed.models)) {
    if (!isEntry(value)) {
      throw new FlinchError("MODEL_MANIFEST", `${file}: model '${key}' lacks file, name or a sha256 of 64 hex digits`);
    }
    models[key] = value;
  }
  return { path: file, models };
}

/**
 * Reads one model and proves that it is the file that the manifest speaks of.
 * @throws FlinchError MODEL_MANIFEST, MODEL_MISSING or MODEL_HASH.
 */
export function readModel(manifest: Manifest, key: string): Model {
  const entry = Object.hasOwn(manifest.models, key) ? manifest.models[key] : undefined;
  if (entry === undefined) {
    const known = Object.keys(manifest.models).sort().join(", ");
    throw new FlinchError("MODEL_MANIFEST", `${manifest.path} has no model '${key}'; it has: ${known}`);
  }
  const path = join(dirname(manifest.path), entry.file);
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(path);
  } catch (thrown) {
    throw new FlinchError(
      "MODEL_MISSING",
      `Model '${key}' is missing: ${path} (${reasonOf(thrown)}); restore it or correct recognition.manifest`,
    );
  }
  const found = createHash("sha256").update(bytes).digest("hex");
  if (found !== entry.sha256) {
    throw new FlinchError(
      "MODEL_HASH",
      `Model '${key}' is not the file that the manifest names: ${path} has sha256 ${found}, expected ${entry.sha256}`,
    );
  }
  return { key, entry, path, bytes };
}

import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import type { Config } from "../config/index.js";
import { flinchVersion } from "../lib/package-version.js";
import { loadManifest } from "../runtime/index.js";
import type { Metadata } from "./sidecar.js";

/** What results were made of: `manifest.json` in their folder. */
export interface Manifest {
  readonly schema: "flinch/manifest/1";
  readonly recording: {
    /** Place in its folder, or file name. */
    readonly place: string;
    readonly bytes: number;
    /** When it was last changed, milliseconds since the Unix epoch. */
    readonly modifiedMs: number;
    readonly sha256: string;
  };
  readonly madeWith: MadeWith;
}

/** What decides, beside the recording, what its results are. */
export interface MadeWith {
  readonly flinch: string;
  /** SHA-256 of what the models' manifest says of them, their own included. */
  readonly models: string;
  /** SHA-256 of the sections of the configuration that the analysis goes by. */
  readonly configuration: string;
  /** What is written beside events, movements and summary. */
  readonly wishes: Readonly<Record<string, unknown>>;
  readonly metadata: Metadata;
}

export const MANIFEST = "manifest.json";

const sha256 = (text: string | Uint8Array): string => createHash("sha256").update(text).digest("hex");

/**
 * What every recording of a run is made with.
 * @throws FlinchError MODEL_MANIFEST
 */
export function madeWith(config: Config, wishes: MadeWith["wishes"]): Omit<MadeWith, "metadata"> {
  const { clip, face, spotting, recognition } = config;
  // Where a graph runs, and on how many threads, is no matter of what is found.
  const { providers: _, threads: __, tensorrt: ___, manifest, ...recognised } = recognition;
  return {
    flinch: flinchVersion(),
    models: sha256(JSON.stringify(loadManifest(manifest).models)),
    configuration: sha256(JSON.stringify({ clip, face, spotting, recognition: recognised })),
    wishes,
  };
}

/** The manifest of a recording; all of the file is read. */
export async function manifestOf(path: string, place: string, made: MadeWith): Promise<Manifest> {
  const { size, mtimeMs } = await stat(path);
  const hash = createHash("sha256");
  await pipeline(createReadStream(path), hash);
  const recording = { place, bytes: size, modifiedMs: Math.round(mtimeMs), sha256: hash.digest("hex") };
  return { schema: "flinch/manifest/1", recording, madeWith: made };
}

/** Whether a folder's results are what an analysis now would give, as far as its manifest says. */
export async function isCurrent(folder: string, path: string, place: string, made: MadeWith): Promise<boolean> {
  const written = await readFile(join(folder, MANIFEST), "utf8").catch(() => undefined);
  if (written === undefined) return false;
  let kept: Manifest;
  try {
    kept = JSON.parse(written) as Manifest;
  } catch {
    return false;
  }
  if (JSON.stringify(kept.madeWith) !== JSON.stringify(made)) return false;
  const there = await stat(path).catch(() => undefined);
  if (there === undefined || there.size !== kept.recording?.bytes) return false;
  // An unchanged file is not read again; one that was only copied or touched is told by its content.
  if (Math.round(there.mtimeMs) === kept.recording.modifiedMs) return true;
  return (await manifestOf(path, place, made)).recording.sha256 === kept.recording.sha256;
}

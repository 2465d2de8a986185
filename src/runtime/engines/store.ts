import { createHash } from "node:crypto";
import { mkdtemp, readdir, readFile, rename, rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import { makeFolder, whyDisk } from "../../lib/disk.js";
import { syncFolder, writeThrough } from "../../lib/durable-file.js";
import { FlinchError } from "../../lib/errors.js";
import type { EngineRecord } from "./engine.js";

export const ENGINE_FILE = "engine.onnx";
const RECORD_FILE = "record.json";
/** Begins the name of a folder in which a process is at work; the process's id follows. */
const UNFINISHED = ".unfinished-";

/** An engine whose file is as its record says. */
export interface StoredEngine {
  readonly record: EngineRecord;
  /** Nothing where the engine was refused. */
  readonly bytes: Uint8Array | undefined;
}

/** A folder of the store, whatever its worth. */
export interface StoreEntry {
  readonly key: string;
  readonly record: EngineRecord | undefined;
}

/** The folder of engines: one folder each, which appears whole or not at all. */
export class EngineStore {
  readonly directory: string;

  constructor(directory: string) {
    this.directory = resolve(directory);
  }

  /** The engine of a key; undefined where there is none, or none whose file is what its record says. */
  async find(key: string): Promise<StoredEngine | undefined> {
    const record = await this.record(key);
    if (record === undefined || record.key !== key) return undefined;
    if (record.refused) return { record, bytes: undefined };
    const bytes = await readFile(join(this.directory, key, ENGINE_FILE)).catch(() => undefined);
    return bytes !== undefined && sha256(bytes) === record.engineSha256 ? { record, bytes } : undefined;
  }

  /** Every folder of an engine. */
  async list(): Promise<StoreEntry[]> {
    const keys = (await this.folders()).filter((name) => !name.startsWith(".")).sort();
    return Promise.all(keys.map(async (key) => ({ key, record: await this.record(key) })));
  }

  /**
   * An empty folder to build in; `discard` it or `install` it. What processes left that are gone is removed first.
   * @throws FlinchError ENGINE_UNWRITABLE
   */
  async workspace(): Promise<string> {
    try {
      makeFolder(this.directory, 0o700);
      for (const name of await this.folders()) {
        const [, pid] = /^\.unfinished-(\d+)-/.exec(name) ?? [];
        if (pid !== undefined && !isAlive(Number(pid))) await this.discard(join(this.directory, name));
      }
      return await mkdtemp(join(this.directory, `${UNFINISHED}${process.pid}-`));
    } catch (thrown) {
      throw new FlinchError(
        "ENGINE_UNWRITABLE",
        `engines cannot be written to ${this.directory} (${whyDisk(thrown)}): give this user the folder or set recognition.tensorrt.engineCacheDirectory`,
      );
    }
  }

  async discard(workspace: string): Promise<void> {
    await rm(workspace, { recursive: true, force: true });
  }

  /** Makes a workspace the engine of its key, in place of any before. What has returned is on the disk. */
  async install(workspace: string, record: EngineRecord, bytes: Uint8Array | undefined): Promise<void> {
    // Whatever else the build has left there is not kept.
    for (const name of await readdir(workspace)) await rm(join(workspace, name), { recursive: true });
    if (bytes !== undefined) await writeThrough(join(workspace, ENGINE_FILE), bytes, "wx");
    await writeThrough(join(workspace, RECORD_FILE), `${JSON.stringify(record, undefined, 2)}\n`, "wx");
    const place = join(this.directory, record.key);
    await rm(place, { recursive: true, force: true });
    await rename(workspace, place);
    await syncFolder(this.directory);
  }

  async remove(key: string): Promise<void> {
    await rm(join(this.directory, key), { recursive: true, force: true });
  }

  private async record(key: string): Promise<EngineRecord | undefined> {
    try {
      const record = JSON.parse(await readFile(join(this.directory, key, RECORD_FILE), "utf8")) as EngineRecord;
      return record.schema === "flinch/engine/1" ? record : undefined;
    } catch {
      return undefined;
    }
  }

  private async folders(): Promise<string[]> {
    const entries = await readdir(this.directory, { withFileTypes: true }).catch(() => []);
    return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  }
}

export function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (thrown) {
    return (thrown as NodeJS.ErrnoException).code === "EPERM";
  }
}

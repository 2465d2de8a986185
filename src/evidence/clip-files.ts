import { createHash } from "node:crypto";
import { readdir, readFile, rename, rm, unlink } from "node:fs/promises";
import { join } from "node:path";
import { makeFolder } from "../lib/disk.js";
import { DurableFile, isMissing, syncFolder, writeThrough } from "../lib/durable-file.js";
import { FlinchError } from "../lib/errors.js";
import { type ClipRecord, parseRecord } from "./clip-record.js";
import type { Seal } from "./seal.js";

const CLIP = ".mp4.age";
const RECORD = ".json";

/**
 * Clips on the disk, of mode 0600: `<event>.mp4.age`, encrypted and whole or not at all, and beside each `<event>.json`,
 * its record. A record without its clip is one whose deletion is yet to be told.
 */
export class ClipFiles {
  private readonly records = new Map<string, ClipRecord>();
  private readonly gone = new Map<string, ClipRecord>();

  private constructor(private readonly directory: string) {}

  /**
   * Reads what is there, and deletes what was only half written.
   * @throws what the system says where the directory cannot be read
   */
  static async open(directory: string): Promise<ClipFiles> {
    const files = new ClipFiles(directory);
    await files.read();
    return files;
  }

  /** Oldest first. */
  get all(): readonly ClipRecord[] {
    return [...this.records.values()].sort((p, q) => (p.at < q.at ? -1 : 1));
  }

  /** Of clips that are gone, and nobody has been told. */
  get untoldDeletions(): readonly ClipRecord[] {
    return [...this.gone.values()];
  }

  get(event: string): ClipRecord | undefined {
    return this.records.get(event);
  }

  stats(): { readonly kept: number; readonly bytes: number } {
    const sizes = [...this.records.values()].map(({ storedBytes }) => storedBytes);
    return { kept: sizes.length, bytes: sizes.reduce((sum, bytes) => sum + bytes, 0) };
  }

  /**
   * Encrypts a clip and keeps it. What has returned is on the disk, was read back and decrypted, and is the same.
   * @throws what the system says; Error where what was read back is another; nothing is kept then
   */
  async add(
    mp4: Uint8Array,
    seal: Seal,
    about: Omit<ClipRecord, "sha256" | "bytes" | "storedBytes">,
  ): Promise<ClipRecord> {
    const path = this.clipPath(about.event);
    const unproven = `${path}.tmp`;
    const sha256 = sha256Of(mp4);
    makeFolder(this.directory, 0o700);
    try {
      const encrypted = await seal.encrypt(mp4);
      await writeThrough(unproven, encrypted, "w");
      if (sha256Of(await seal.decrypt(await readFile(unproven))) !== sha256)
        throw new Error("what was written is not what was to be written");
      const record: ClipRecord = { ...about, sha256, bytes: mp4.length, storedBytes: encrypted.length };
      await this.write(record);
      await rename(unproven, path);
      await syncFolder(this.directory);
      this.records.set(about.event, record);
      return record;
    } catch (thrown) {
      await rm(unproven, { force: true }).catch(() => undefined);
      await rm(this.recordPath(about.event), { force: true }).catch(() => undefined);
      throw thrown;
    }
  }

  /**
   * The MP4 of an event.
   * @throws FlinchError CLIP_UNREADABLE; NOT_FOUND where there is none
   */
  async mp4(event: string, seal: Seal): Promise<{ readonly mp4: Uint8Array; readonly record: ClipRecord }> {
    const record = this.records.get(event);
    const encrypted = record && (await readFile(this.clipPath(event)).catch(ifMissing));
    if (record === undefined || encrypted === undefined)
      throw new FlinchError("NOT_FOUND", `there is no clip of event ${event}`);
    const mp4 = await seal.decrypt(encrypted);
    if (sha256Of(mp4) !== record.sha256)
      throw new FlinchError("CLIP_UNREADABLE", `the clip of event ${event} is not the one that was stored`);
    return { mp4, record };
  }

  /** The outbox knows of a clip that is ready. */
  async markTold(event: string): Promise<void> {
    const record = this.records.get(event);
    if (record === undefined) return;
    const told = { ...record, told: true };
    this.records.set(event, told);
    await this.write(told);
  }

  /** Deletes a clip; its record stays until `forget`, so that a crash in between leaves no deletion untold. */
  async remove(event: string): Promise<ClipRecord | undefined> {
    const record = this.records.get(event);
    if (record === undefined) return undefined;
    await unlink(this.clipPath(event)).catch(ifMissing);
    await syncFolder(this.directory);
    this.records.delete(event);
    this.gone.set(event, record);
    return record;
  }

  /** The outbox knows that a clip is gone. */
  async forget(event: string): Promise<void> {
    await unlink(this.recordPath(event)).catch(ifMissing);
    this.gone.delete(event);
  }

  private async read(): Promise<void> {
    const names = (await readdir(this.directory).catch(ifMissing)) ?? [];
    for (const name of names.filter((known) => known.endsWith(".tmp"))) await rm(join(this.directory, name));
    for (const name of names.filter((known) => known.endsWith(RECORD))) {
      const event = name.slice(0, -RECORD.length);
      const record = parseRecord(await readFile(this.recordPath(event), "utf8"));
      if (record?.event !== event) await rm(this.recordPath(event));
      else if (names.includes(`${event}${CLIP}`)) this.records.set(event, record);
      else if (record.told) this.gone.set(event, record);
      else await rm(this.recordPath(event));
    }
    // Without a record nobody knows what it is of: it was never told of, and cannot be deleted with its session.
    for (const name of names.filter((known) => known.endsWith(CLIP)))
      if (!this.records.has(name.slice(0, -CLIP.length))) await rm(join(this.directory, name));
  }

  private async write(record: ClipRecord): Promise<void> {
    await new DurableFile(this.recordPath(record.event)).write(JSON.stringify(record));
  }

  private clipPath(event: string): string {
    return join(this.directory, `${event}${CLIP}`);
  }

  private recordPath(event: string): string {
    return join(this.directory, `${event}${RECORD}`);
  }
}

function sha256Of(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

function ifMissing(thrown: unknown): undefined {
  if (!isMissing(thrown)) throw thrown;
  return undefined;
}

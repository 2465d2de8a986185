import type { Scope } from "../../config/remote/index.js";
import { whyDisk } from "../../lib/disk.js";
import { DurableFile } from "../../lib/durable-file.js";
import { FlinchError } from "../../lib/errors.js";
import { isObject, type JsonObject } from "../../lib/json-payload.js";
import type { KeptDocument } from "../devices.js";

/** A topic that a document is written to, and how far that is. */
export interface Target {
  readonly scope: Scope;
  readonly topic: string;
  /** Whose answers are waited for. */
  readonly devices: readonly string[];
  /** The document before; null for none. */
  readonly before: KeptDocument | null;
  /** What is written, and under which version. */
  readonly config: JsonObject;
  readonly version: number;
  /** The version under which the document before is put back; null while it is not. */
  readonly back: number | null;
  /** "written" from just before it is published, "kept" when it has stood the test of its stage. */
  readonly status: "waiting" | "written" | "kept" | "failed" | "taken_back";
}

/** A rollout, as its file holds it from its beginning to its end. */
export interface RolloutRecord {
  readonly schema: "flinch/rollout/1";
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  readonly topicPrefix: string;
  readonly changes: JsonObject;
  readonly settleS: number;
  readonly answerWithinS: number;
  /** How many targets have been written to after each stage. */
  readonly stages: readonly number[];
  readonly targets: readonly Target[];
}

/** The file of a rollout: what it holds has been made durable before anything of it is published. */
export class RolloutFile {
  private readonly file: DurableFile;

  private constructor(
    readonly path: string,
    private held: RolloutRecord,
  ) {
    this.file = new DurableFile(path);
  }

  /** @throws FlinchError USAGE where there is one already, STATE_UNWRITABLE */
  static async create(path: string, record: RolloutRecord): Promise<RolloutFile> {
    const created = new RolloutFile(path, record);
    await RolloutFile.refuseExisting(path);
    await created.save(record);
    return created;
  }

  /** @throws FlinchError USAGE where a file of that name holds a rollout, or anything else */
  static async refuseExisting(path: string): Promise<void> {
    if ((await read(path)) === undefined) return;
    const what = `'${path}' is there already: --resume or --take-back the rollout in it, or name another file`;
    throw new FlinchError("USAGE", what);
  }

  /** @throws FlinchError ROLLOUT_UNREADABLE where it is missing, or no rollout's */
  static async open(path: string): Promise<RolloutFile> {
    const content = await read(path);
    if (content === undefined) throw new FlinchError("ROLLOUT_UNREADABLE", `there is no rollout in '${path}'`);
    return new RolloutFile(path, recordIn(content, path));
  }

  get record(): RolloutRecord {
    return this.held;
  }

  /** Notes something of a target; on the disk when it returns. */
  async note(target: Target, change: Partial<Target>): Promise<void> {
    const targets = this.held.targets.map((one) => (one.topic === target.topic ? { ...one, ...change } : one));
    await this.save({ ...this.held, targets });
  }

  private async save(record: RolloutRecord): Promise<void> {
    await this.file.write(`${JSON.stringify(record, undefined, 2)}\n`).catch((cause: unknown) => {
      throw new FlinchError("STATE_UNWRITABLE", `'${this.path}' cannot be written: ${whyDisk(cause)}`, { cause });
    });
    this.held = record;
  }
}

async function read(path: string): Promise<string | undefined> {
  return await new DurableFile(path).read().catch((cause: unknown) => {
    throw new FlinchError("ROLLOUT_UNREADABLE", `'${path}' cannot be read: ${whyDisk(cause)}`, { cause });
  });
}

function recordIn(content: string, path: string): RolloutRecord {
  try {
    const record: unknown = JSON.parse(content);
    if (isObject(record) && record["schema"] === "flinch/rollout/1" && Array.isArray(record["targets"]))
      return record as unknown as RolloutRecord;
  } catch {
    // Told below, as any other content.
  }
  throw new FlinchError("ROLLOUT_UNREADABLE", `'${path}' holds no rollout of flinch fleet configure`);
}

import { randomUUID } from "node:crypto";
import type { ClipContent, ClipDeletion } from "../contract/index.js";
import { FlinchError, reasonOf } from "../lib/errors.js";
import type { Logger } from "../lib/logger.js";
import { Serial } from "../lib/serial.js";
import type { Announcer } from "./announce.js";
import { ClipFiles } from "./clip-files.js";
import type { ClipRecord } from "./clip-record.js";
import type { Footage } from "./footage.js";
import { clipsFolder } from "./place.js";
import type { Seal } from "./seal.js";

/** What a clip cannot outlive: the movements of the history. */
export interface KeptEvents {
  /** Those of these events that are kept. @throws FlinchError HISTORY_UNWRITABLE */
  kept(ids: readonly string[]): ReadonlySet<string>;
  /** Those that have been kept for more days than this. @throws FlinchError HISTORY_UNWRITABLE */
  keptLonger(ids: readonly string[], days: number): ReadonlySet<string>;
}

export interface ClipsOptions {
  readonly stateDirectory: string;
  /** Most bytes that clips take on the disk; then the oldest go. */
  readonly maxBytes: number;
  /** Missing where no clips are made any more: those that there are can still be deleted. */
  readonly seal?: Seal;
  readonly events: KeptEvents;
  readonly announcer: Pick<Announcer, "ready" | "deleted">;
  readonly log: Pick<Logger, "info" | "warn" | "error">;
}

/** The clips of events. One exists only as long as its event is in the history, and every end of one is told. */
export class Clips {
  private readonly turn = new Serial();

  private constructor(
    private readonly files: ClipFiles,
    private readonly options: ClipsOptions,
  ) {}

  /**
   * Opens the clips: half-written ones and those of no event are deleted, and what a crash left untold is told.
   * @throws FlinchError STATE_UNWRITABLE where the directory cannot be used
   */
  static async open(options: ClipsOptions): Promise<Clips> {
    const directory = clipsFolder(options.stateDirectory);
    const files = await ClipFiles.open(directory).catch((cause: unknown) => {
      const why = `clips in ${directory} cannot be read: ${reasonOf(cause)}; let this user read and write there`;
      throw new FlinchError("STATE_UNWRITABLE", why, { cause });
    });
    const clips = new Clips(files, options);
    await clips.makeUp().catch((thrown: unknown) => {
      options.log.error(
        { reason: reasonOf(thrown) },
        `evidence: clips that are to go are still there: ${reasonOf(thrown)}`,
      );
    });
    return clips;
  }

  /** For what a crash has cut short. */
  private async makeUp(): Promise<void> {
    await this.turn.run(async () => {
      for (const record of this.files.untoldDeletions) await this.tellGone(record, "missing", null);
      for (const record of this.files.all.filter(({ told }) => !told)) await this.tellReady(record);
    });
    await this.sweep();
  }

  has(event: string): boolean {
    return this.files.get(event) !== undefined;
  }

  stats(): { readonly kept: number; readonly bytes: number } {
    return this.files.stats();
  }

  /**
   * Keeps the clip of an event, and tells of it; false where the event was deleted meanwhile.
   * @throws what the disk says
   */
  add({ event, stills }: Footage, mp4: Uint8Array, codec: string, content: ClipContent): Promise<boolean> {
    return this.turn.run(async () => {
      const { seal, maxBytes } = this.options;
      if (seal === undefined) throw new Error("there is no key to encrypt with");
      const rounded = (ms = 0) => Math.max(0, Math.round(ms * 10) / 10);
      const record = await this.files.add(mp4, seal, {
        event: event.id,
        session: event.session,
        codec,
        content,
        frames: stills.length,
        fromMs: rounded(stills[0]?.timeMs),
        toMs: rounded(stills.at(-1)?.timeMs),
        at: new Date().toISOString(),
        readyId: randomUUID(),
        deletedId: randomUUID(),
        told: false,
      });
      if (!(await this.isWanted(event.id))) return false;
      await this.tellReady(record);
      for (const oldest of this.files.all) {
        if (this.files.stats().bytes <= maxBytes || oldest.event === event.id) break;
        await this.delete(oldest.event, "space", null);
      }
      return true;
    });
  }

  /**
   * The MP4 of an event, decrypted.
   * @throws FlinchError NOT_FOUND where there is no clip of it, CLIP_UNREADABLE
   */
  async mp4(event: string): Promise<Uint8Array> {
    const { seal } = this.options;
    if (seal === undefined) {
      throw new FlinchError(
        this.has(event) ? "CLIP_UNREADABLE" : "NOT_FOUND",
        this.has(event)
          ? `the clip of event ${event} is encrypted: set evidence.enabled and evidence.keyFile to see it`
          : `there is no clip of event ${event}`,
      );
    }
    return (await this.files.mp4(event, seal)).mp4;
  }

  /**
   * Deletes the clip of an event because somebody asks for it.
   * @param by who asks
   * @throws FlinchError NOT_FOUND where there is none
   */
  remove(event: string, by: string): Promise<void> {
    return this.turn.run(async () => {
      if (!(await this.delete(event, "request", by)))
        throw new FlinchError("NOT_FOUND", `there is no clip of event ${event}`);
    });
  }

  /** Deletes the clips whose events are no longer in the history. */
  sweep(): Promise<void> {
    return this.turn.run(async () => {
      const ids = this.files.all.map(({ event }) => event);
      if (ids.length === 0) return;
      const kept = this.options.events.kept(ids);
      await this.deleteAll(
        ids.filter((id) => !kept.has(id)),
        "event_deleted",
      );
    });
  }

  /** Deletes what has been kept for more days than this; returns how many. */
  expire(days: number): Promise<number> {
    return this.turn.run(async () => {
      const ids = this.files.all.map(({ event }) => event);
      if (ids.length === 0 || days <= 0) return 0;
      const due = this.options.events.keptLonger(ids, days);
      return await this.deleteAll([...due], "retention");
    });
  }

  /** Whether an event is still there; where not, or nobody knows, its clip goes again before anyone is told of it. */
  private async isWanted(event: string): Promise<boolean> {
    let isKept = false;
    try {
      isKept = this.options.events.kept([event]).has(event);
    } finally {
      if (!isKept) {
        await this.files.remove(event);
        await this.files.forget(event);
      }
    }
    return isKept;
  }

  private async deleteAll(events: readonly string[], reason: ClipDeletion): Promise<number> {
    for (const event of events) await this.delete(event, reason, null);
    if (events.length > 0) this.options.log.info({ clips: events.length, reason }, "evidence: clips deleted");
    return events.length;
  }

  private async delete(event: string, reason: ClipDeletion, by: string | null): Promise<boolean> {
    const record = await this.files.remove(event);
    if (record === undefined) return false;
    await this.tellGone(record, reason, by);
    return true;
  }

  private async tellReady(record: ClipRecord): Promise<void> {
    await this.options.announcer.ready(record);
    await this.files.markTold(record.event).catch((thrown: unknown) => {
      this.options.log.warn(
        { reason: reasonOf(thrown) },
        "evidence: that a clip is told of is told again at the next start",
      );
    });
  }

  private async tellGone(record: ClipRecord, reason: ClipDeletion, by: string | null): Promise<void> {
    await this.options.announcer.deleted(record, reason, by);
    await this.files.forget(record.event);
  }
}

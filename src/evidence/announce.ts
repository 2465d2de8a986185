import { randomUUID } from "node:crypto";
import type { ClipDeletion, ClipFailure, EvidenceMessage } from "../contract/index.js";
import type { Outbox } from "../outbox/index.js";
import type { Sender } from "../sessions/index.js";
import type { ClipRecord } from "./clip-record.js";
import type { Footage } from "./footage.js";

type Said = Omit<EvidenceMessage, "schema" | "device" | "bootId" | "sequence" | "at">;

const NOTHING = {
  sha256: null,
  bytes: null,
  codec: null,
  content: null,
  frames: null,
  fromMs: null,
  toMs: null,
} as const;

/** Tells subscribers what becomes of clips; what has returned is in the outbox. */
export class Announcer {
  constructor(
    private readonly outbox: Pick<Outbox, "append">,
    private readonly sender: Sender,
  ) {}

  async ready(record: ClipRecord): Promise<void> {
    await this.say({ id: record.readyId, status: "clip_ready", reason: null, by: null, ...factsOf(record) });
  }

  async deleted(record: ClipRecord, reason: ClipDeletion, by: string | null): Promise<void> {
    await this.say({ id: record.deletedId, status: "clip_deleted", reason, by, ...factsOf(record) });
  }

  async failed({ id: event, session }: Footage["event"], reason: ClipFailure): Promise<void> {
    await this.say({ id: randomUUID(), event, session, status: "clip_failed", reason, by: null, ...NOTHING });
  }

  private async say(said: Said): Promise<void> {
    await this.outbox.append((sequence): EvidenceMessage => {
      return { schema: "flinch/evidence/1", ...this.sender, sequence, ...said, at: new Date().toISOString() };
    });
  }
}

function factsOf({ event, session, sha256, bytes, codec, content, frames, fromMs, toMs }: ClipRecord) {
  return { event, session, sha256, bytes, codec, content, frames, fromMs, toMs };
}

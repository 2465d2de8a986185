import { join } from "node:path";
import { DurableFile } from "../../lib/durable-file.js";
import { reasonOf } from "../../lib/errors.js";
import { isObject, type JsonObject } from "../../lib/json-payload.js";
import { Serial } from "../../lib/serial.js";

/** Whose document: the device's own, or that of one of its groups. */
export type Scope = "device" | `group/${string}`;

/** A document that was accepted. */
export interface Accepted {
  readonly version: number;
  /** Recognises the same document when it comes again. */
  readonly digest: string;
  readonly config: JsonObject;
  /** Held against the key again at every start: one may have been demanded since. */
  readonly signature?: string;
}

export type Documents = { readonly [scope: string]: Accepted };

/** The newest version of a document that was ever accepted: what is older is stale. */
export interface Known {
  readonly version: number;
  readonly digest: string;
  /** Why it was taken back; null where it was not. */
  readonly rolledBack: string | null;
}

/** What of the remote configuration survives a restart. */
export interface Stored {
  readonly format: 1;
  /** Whose it is: documents of another device are not this one's. */
  readonly device: string;
  /** The last known good documents. */
  readonly good: Documents;
  /** Documents on probation. `running` is true from before they are applied until they are good, taken back, or the process stops in order: true at a start means a crash. */
  readonly trial: { readonly documents: Documents; readonly running: boolean } | null;
  readonly known: { readonly [scope: string]: Known };
}

const FILE = "remote-config.json";

interface Logger {
  warn(fields: object, message: string): void;
}

/** The remote configuration on disk: one file, replaced as a whole, durable once `save` has returned. */
export class RemoteStore {
  private readonly file: DurableFile;
  private readonly saving = new Serial();

  constructor(
    directory: string,
    private readonly device: string,
    private readonly log: Logger,
  ) {
    this.file = new DurableFile(join(directory, FILE));
  }

  /** What was saved last; nothing where there is none, or none that can be used, which the log then says. */
  async load(): Promise<Stored> {
    const nothing: Stored = { format: 1, device: this.device, good: {}, trial: null, known: {} };
    try {
      const content = await this.file.read();
      if (content === undefined) return nothing;
      const stored: unknown = JSON.parse(content);
      if (!isStored(stored)) throw new SyntaxError("another format");
      if (stored.device === this.device) return stored;
      this.log.warn({ device: stored.device }, "the remote configuration on disk is another device's; not used");
    } catch (thrown) {
      if (thrown instanceof SyntaxError) await this.file.setAside().catch(() => undefined);
      // The parser's message would quote the file.
      const reason = thrown instanceof SyntaxError ? "it is damaged" : reasonOf(thrown);
      this.log.warn({ reason, file: this.file.path }, "the remote configuration on disk cannot be used");
    }
    return nothing;
  }

  /** Rejects where the disk refuses it; what was saved before stands then. */
  async save(stored: Omit<Stored, "format" | "device">): Promise<void> {
    const content = JSON.stringify({ format: 1, device: this.device, ...stored } satisfies Stored);
    await this.saving.run(() => this.file.write(content));
  }
}

function isStored(value: unknown): value is Stored {
  if (!isObject(value) || value["format"] !== 1 || typeof value["device"] !== "string") return false;
  const { good, trial, known } = value;
  return (
    isDocuments(good) &&
    isObject(known) &&
    Object.values(known).every(isKnown) &&
    (trial === null || (isObject(trial) && isDocuments(trial["documents"]) && typeof trial["running"] === "boolean"))
  );
}

function isDocuments(value: unknown): boolean {
  return (
    isObject(value) &&
    Object.values(value).every(
      (one) =>
        isObject(one) &&
        Number.isSafeInteger(one["version"]) &&
        typeof one["digest"] === "string" &&
        isObject(one["config"]),
    )
  );
}

function isKnown(value: unknown): boolean {
  return (
    isObject(value) &&
    Number.isSafeInteger(value["version"]) &&
    typeof value["digest"] === "string" &&
    (value["rolledBack"] === null || typeof value["rolledBack"] === "string")
  );
}

import { FlinchError, reasonOf } from "../errors.js";
import type { OutboundEvent } from "./outbound.js";
import type { Outbox, OutboxStats } from "./outbox.js";
import { Serial } from "./serial.js";
import { DirectorySpool, isMissing, type Spool, temporarySuffix } from "./spool.js";
import { eventFile, markFile, sortNames } from "./spool-names.js";

export interface FileOutboxOptions {
  readonly directory: string;
  /** Most events that wait, on disk and in memory together. */
  readonly maxEvents: number;
  /** Most events that memory holds while the disk refuses them. */
  readonly maxUnwritten?: number;
  /** Milliseconds between attempts to write what the disk refused. */
  readonly retryMs?: number;
  readonly logger: { error(fields: object, message: string): void; warn(fields: object, message: string): void };
  /** The files; a directory on disk unless a test hands in its own. */
  readonly spool?: Spool;
}

/**
 * An outbox with one file an event. The next sequence number is one above the highest of: the events that wait, and
 * the mark, which moves before a number leaves the directory. So no number is given twice, whenever the power goes.
 */
export class FileOutbox implements Outbox {
  private readonly serial = new Serial();
  private readonly listeners = new Set<() => void>();
  /** Sequence numbers that wait, ascending (a Set keeps the order of insertion). */
  private readonly waiting = new Set<number>();
  private readonly unwritten = new Map<number, OutboundEvent>();
  private retryTimer: NodeJS.Timeout | undefined;
  private last = 0;
  private mark = 0;
  private appended = 0;
  private evicted = 0;
  private corrupt = 0;
  private lastError: string | undefined;

  private constructor(
    private readonly options: FileOutboxOptions,
    private readonly spool: Spool,
  ) {}

  /**
   * Opens the outbox, with what earlier starts left in it.
   * @throws FlinchError OUTBOX_UNWRITABLE where the directory cannot be made, read or written
   */
  static async open(options: FileOutboxOptions): Promise<FileOutbox> {
    const outbox = new FileOutbox(options, options.spool ?? new DirectorySpool(options.directory));
    try {
      await outbox.recover();
    } catch (thrown) {
      throw new FlinchError(
        "OUTBOX_UNWRITABLE",
        `outbox.directory ${options.directory} cannot be used (${reasonOf(thrown)}); make it writable for this user, or set another`,
        { cause: thrown },
      );
    }
    return outbox;
  }

  append<E extends OutboundEvent>(build: (sequence: number) => E): Promise<E> {
    return this.serial.run(async () => {
      await this.evict(this.waiting.size - this.options.maxEvents + 1);
      const event = build(this.last + 1);
      this.last += 1;
      this.appended += 1;
      this.unwritten.set(event.sequence, event);
      await this.writeOut();
      this.waiting.add(event.sequence);
      for (const listener of this.listeners) listener();
      return event;
    });
  }

  async *pending(after = 0): AsyncGenerator<OutboundEvent> {
    for (const sequence of this.waiting) {
      if (sequence <= after) continue;
      const event = this.unwritten.get(sequence) ?? (await this.serial.run(() => this.load(sequence)));
      if (event !== undefined) yield event;
    }
  }

  remove(sequence: number): Promise<void> {
    return this.serial.run(() => this.forget(sequence));
  }

  expire(ageMs: number): Promise<number> {
    return this.serial.run(async () => {
      const before = this.evicted;
      for (const sequence of this.waiting) {
        if (this.unwritten.has(sequence)) break;
        const age = await this.ageOf(sequence);
        // In order of time: behind the first that is young enough there are only younger ones.
        if (age !== undefined && age <= ageMs) break;
        await this.forget(sequence);
        this.evicted += 1;
      }
      return this.evicted - before;
    });
  }

  onAppend(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  stats(): OutboxStats {
    const { appended, evicted, corrupt, lastError } = this;
    return { appended, evicted, corrupt, lastError, pending: this.waiting.size, unwritten: this.unwritten.size };
  }

  close(): Promise<void> {
    return this.serial.run(async () => {
      await this.writeOut();
      clearTimeout(this.retryTimer);
      this.retryTimer = undefined;
    });
  }

  private async recover(): Promise<void> {
    await this.spool.prepare();
    const names = await this.spool.list();
    for (const name of names.filter((candidate) => candidate.endsWith(temporarySuffix))) await this.spool.remove(name);
    const { events, marks } = sortNames(names);
    this.mark = marks.at(-1) ?? 0;
    // Written at every start: proves that the directory can be written before an event depends on it.
    await this.spool.write(markFile(this.mark), "");
    for (const old of marks.slice(0, -1)) await this.spool.remove(markFile(old));
    for (const sequence of events) this.waiting.add(sequence);
    this.last = Math.max(this.mark, events.at(-1) ?? 0);
  }

  /** Writes what only memory holds, in order, until the disk refuses; then tries again later. */
  private async writeOut(): Promise<void> {
    if (this.unwritten.size === 0) return;
    for (const [sequence, event] of this.unwritten) {
      try {
        await this.spool.write(eventFile(sequence), JSON.stringify(event));
      } catch (thrown) {
        await this.refused(reasonOf(thrown));
        return;
      }
      this.unwritten.delete(sequence);
    }
    if (this.lastError !== undefined) this.options.logger.warn({}, "outbox: the disk takes events again");
    this.lastError = undefined;
  }

  private async refused(reason: string): Promise<void> {
    const { directory, logger, maxUnwritten = 1000, retryMs = 5000 } = this.options;
    if (reason !== this.lastError) {
      logger.error({ reason }, `outbox: ${directory} does not take events (${reason}); kept in memory until it does`);
    }
    this.lastError = reason;
    // Events in memory are published too, so their numbers are seen outside before they are on disk.
    await this.moveMark(this.last);
    const [oldest] = this.unwritten.keys();
    if (this.unwritten.size > maxUnwritten && oldest !== undefined) {
      this.unwritten.delete(oldest);
      this.waiting.delete(oldest);
      this.evicted += 1;
      logger.error({ sequence: oldest }, "outbox: memory is full as well; the oldest unwritten event is lost");
    }
    this.retryTimer ??= setTimeout(() => {
      this.retryTimer = undefined;
      void this.serial.run(() => this.writeOut());
    }, retryMs).unref();
  }

  private async moveMark(sequence: number): Promise<void> {
    if (sequence <= this.mark) return;
    try {
      await this.spool.rename(markFile(this.mark), markFile(sequence));
      this.mark = sequence;
    } catch (thrown) {
      this.options.logger.error({ reason: reasonOf(thrown) }, "outbox: the sequence number cannot be made durable");
    }
  }

  private async forget(sequence: number): Promise<void> {
    if (!this.waiting.delete(sequence)) return;
    // The file with the highest number is what remembers that number: the mark takes over before it goes.
    if (sequence === this.last) await this.moveMark(sequence);
    if (this.unwritten.delete(sequence)) return;
    try {
      await this.spool.remove(eventFile(sequence));
    } catch (thrown) {
      this.options.logger.error(
        { sequence, reason: reasonOf(thrown) },
        "outbox: an event cannot be removed; it will be published again",
      );
    }
  }

  private async evict(count: number): Promise<void> {
    for (const sequence of this.waiting) {
      if (count-- <= 0) return;
      await this.forget(sequence);
      this.evicted += 1;
      this.options.logger.warn({ sequence }, "outbox: full; the oldest event is given up");
    }
  }

  private async ageOf(sequence: number): Promise<number | undefined> {
    try {
      return Date.now() - (await this.spool.modifiedAt(eventFile(sequence)));
    } catch (thrown) {
      if (isMissing(thrown)) return undefined;
      throw thrown;
    }
  }

  private async load(sequence: number): Promise<OutboundEvent | undefined> {
    if (!this.waiting.has(sequence)) return undefined;
    const name = eventFile(sequence);
    try {
      const event = JSON.parse(await this.spool.read(name)) as Partial<OutboundEvent> | null;
      if (event?.sequence === sequence && typeof event.id === "string") return event as OutboundEvent;
    } catch (thrown) {
      if (!(thrown instanceof SyntaxError) && !isMissing(thrown)) throw thrown;
    }
    this.waiting.delete(sequence);
    this.corrupt += 1;
    if (sequence === this.last) await this.moveMark(sequence);
    await this.spool.setAside(name);
    this.options.logger.error({ file: name }, "outbox: a file holds no event; moved to the folder corrupt");
    return undefined;
  }
}

import { setTimeout as sleep } from "node:timers/promises";
import { FlinchError, reasonOf } from "../../lib/errors.js";
import type { Logger } from "../../lib/logger.js";
import type { Entry, Message, Reader } from "./messages/index.js";
import type { StoreKeeper } from "./store-keeper.js";

/** A message, and how to tell the broker that it is stored. */
export interface Taken {
  readonly message: Message;
  readonly acknowledge: () => void;
}

export interface WriterOptions {
  /** Most messages in a transaction. */
  readonly rows: number;
  /** Longest wait of a message for others, in milliseconds. */
  readonly ms: number;
}

export interface WriterCounts {
  readonly received: number;
  /** In the database, or known to be there already. */
  readonly stored: number;
  readonly refused: number;
  readonly waiting: number;
}

type Ready = Taken & { readonly entries: readonly Entry[] };

/** Gathers messages, writes them in batches, and acknowledges each when its batch is committed. */
export class Writer {
  private queue: Ready[] = [];
  private wake: () => void = () => undefined;
  private received = 0;
  private stored = 0;
  private refused = 0;

  constructor(
    private readonly keeper: StoreKeeper,
    private readonly reader: Reader,
    private readonly options: WriterOptions,
    private readonly logger: Logger,
  ) {}

  take(taken: Taken): void {
    this.received += 1;
    // Read here and not in the batch: the database works on the one before meanwhile.
    this.queue.push({ ...taken, entries: this.reader.read(taken.message) });
    if (this.queue.length === 1 || this.queue.length >= this.options.rows) this.wake();
  }

  get counts(): WriterCounts {
    const { received, stored, refused, queue } = this;
    return { received, stored, refused, waiting: queue.length };
  }

  /**
   * Writes until `stop`, then what waits still; `kill` ends it in the middle.
   * @throws FlinchError where the database is none that can be used
   */
  async run(stop: AbortSignal, kill: AbortSignal): Promise<void> {
    stop.addEventListener("abort", () => this.wake(), { once: true });
    while (!stop.aborted || this.queue.length > 0) {
      if (this.queue.length === 0) await new Promise<void>((resolve) => (this.wake = resolve));
      if (!stop.aborted && this.queue.length < this.options.rows) await this.others(stop);
      const batch = this.queue.slice(0, this.options.rows);
      this.queue = this.queue.slice(batch.length);
      if (batch.length > 0) await this.write(batch, kill);
    }
  }

  /** Waits until a batch is full, or long enough. */
  private async others(stop: AbortSignal): Promise<void> {
    const full = new AbortController();
    this.wake = () => (stop.aborted || this.queue.length >= this.options.rows) && full.abort();
    await sleep(this.options.ms, undefined, { signal: full.signal }).catch(() => undefined);
  }

  private async write(batch: readonly Ready[], kill: AbortSignal): Promise<void> {
    const beganMs = performance.now();
    try {
      await this.keeper.use((store) => store.write(batch.flatMap(({ entries }) => entries)), kill);
    } catch (thrown) {
      if (thrown instanceof FlinchError || kill.aborted) throw thrown;
      await this.part(batch, thrown, kill);
      return;
    }
    this.stored += batch.length;
    const [from, to] = [batch[0], batch.at(-1)].map((taken) => taken?.message.receivedAt);
    const ms = Math.round(performance.now() - beganMs);
    this.logger.debug({ messages: batch.length, ms, from, to }, "collect: stored");
    for (const { entries, acknowledge } of batch) {
      if (entries.some(({ table }) => table === "refused")) this.refused += 1;
      acknowledge();
    }
  }

  /** Something in the batch is nothing for the database: halves it, until that stands alone and is refused. */
  private async part(batch: readonly Ready[], thrown: unknown, kill: AbortSignal): Promise<void> {
    const [first] = batch;
    if (batch.length > 1 || first === undefined) {
      const middle = Math.ceil(batch.length / 2);
      await this.write(batch.slice(0, middle), kill);
      await this.write(batch.slice(middle), kill);
      return;
    }
    const { message, entries } = first;
    const reason = `the database does not take it: ${reasonOf(thrown)}`;
    const refusal = entries.filter(({ table }) => table === "refused");
    if (refusal.length === 0) {
      const number = entries.filter(({ table }) => table === "received");
      await this.write([{ ...first, entries: [...this.reader.refuse(message, reason), ...number] }], kill);
    } else if (entries.length > refusal.length) {
      // Its number is none that the database takes.
      await this.write([{ ...first, entries: refusal }], kill);
    } else {
      // Not even as bytes: another attempt would not help, and nothing may stop for it.
      this.logger.error({ topic: message.topic, reason }, "collect: a message is given up");
      first.acknowledge();
    }
  }
}

import type { OutboundEvent } from "./outbound.js";

/** What became of the events so far, since this start unless said otherwise. */
export interface OutboxStats {
  readonly appended: number;
  /** Waiting now, those of earlier starts among them. */
  readonly pending: number;
  /** Waiting in memory alone because the disk refused them; they are written as soon as it takes them. */
  readonly unwritten: number;
  /**
   * Given up, oldest first, because the outbox was full or they were too old. Over restarts, the gap in the sequence
   * numbers tells.
   */
  readonly evicted: number;
  /** Databases that were corrupt, and single entries that held no event; moved aside. */
  readonly corrupt: number;
  /** Times that the database was deleted or replaced while it was open, and made anew. */
  readonly remade: number;
  /** Why the disk refused an event last, in one line; undefined once it takes them again. */
  readonly lastError: string | undefined;
}

/**
 * Where an event lives from the moment it exists until the broker has it. Survives a crash and a power cut.
 * Consumers may get an event twice, never a sequence number for two events.
 */
export interface Outbox {
  /**
   * Takes an event in, under the next sequence number, and returns it once it is on disk. A disk that refuses does
   * not lose the event: it is kept in memory, counted in `stats().unwritten`, and written later.
   * @throws only what `build` throws; the number is not used up then
   */
  append<E extends OutboundEvent>(build: (sequence: number) => E): Promise<E>;
  /** The events that wait, in order of their sequence numbers, beginning after `after` (0 for all). */
  pending(after?: number): AsyncIterable<OutboundEvent>;
  /** Forgets an event that the broker has acknowledged. A number that is not there is no error. */
  remove(sequence: number): Promise<void>;
  /** Gives up what has waited for longer than `ageMs`; returns how many. */
  expire(ageMs: number): Promise<number>;
  /** Calls `listener` after every append; returns how to stop that. */
  onAppend(listener: () => void): () => void;
  stats(): OutboxStats;
  /** Waits for what is under way and tries once more to write what only memory holds. May be called twice. */
  close(): Promise<void>;
}

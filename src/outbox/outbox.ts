import type { OutboundEvent, OutboxStats } from "../contract/index.js";

/** An event that waits for the broker. */
export interface PendingEvent {
  readonly event: OutboundEvent;
  /** The event as JSON, as it was stored: what is sent is what was checked. */
  readonly body: string;
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
  pending(after?: number): AsyncIterable<PendingEvent>;
  /** Forgets an event that the broker has acknowledged. A number that is not there is no error. */
  remove(sequence: number): Promise<void>;
  /** Gives up what has waited for longer than `ageMs`; returns how many. */
  expire(ageMs: number): Promise<number>;
  /** Calls `listener` after every append; returns how to stop that. */
  onAppend(listener: () => void): () => void;
  /** Settles when no event waits any more, or the signal aborts. */
  emptied(signal: AbortSignal): Promise<void>;
  stats(): OutboxStats;
  /** Waits for what is under way and tries once more to write what only memory holds. May be called twice. */
  close(): Promise<void>;
}

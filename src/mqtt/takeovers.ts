import type { TakeoverCount } from "../contract/index.js";
import { retryDelays } from "../lib/retry-delays.js";
import { ClosedUnexplained } from "./closed.js";
import { reasonCodeOf } from "./refusal.js";

/** MQTT 5's reason code "session taken over": another client came with the same identifier. */
const SESSION_TAKEN_OVER = 0x8e;
/** So many unexplained ends within the window are a takeover: MQTT 3.1.1 gives no reason, nor does Mosquitto 2.0.11. */
const UNEXPLAINED = 3;
const windowMs = 600_000;
/** The longest wait after a takeover, in longest waits for a lost broker. */
const LONGEST = 15;

/**
 * Tells a takeover from other ends of a connection. Two clients with one identifier push each other out for as long as
 * both come back at once, so each takeover makes the wait longer.
 */
export class Takeovers {
  private count = 0;
  private lastAt: string | null = null;
  private unexplainedAt: number[] = [];
  private waits: Generator<number, never>;

  /**
   * @param reconnectMaxMs the first wait after a takeover; the longest is 15 times that
   * @param now monotonic clock, in milliseconds
   */
  constructor(
    private readonly reconnectMaxMs: number,
    private readonly now: () => number = () => performance.now(),
  ) {
    this.waits = this.newWaits();
  }

  /**
   * What to wait, in milliseconds, because an accepted connection ended by a takeover; undefined where it did not.
   * @param livedMs how long the connection was open; one that outlived every wait ends the quarrel
   */
  waitAfter(reason: unknown, livedMs: number): number | undefined {
    if (livedMs > 2 * LONGEST * this.reconnectMaxMs) this.waits = this.newWaits();
    if (!this.isTakeover(reason)) return undefined;
    this.count += 1;
    this.lastAt = new Date().toISOString();
    return this.waits.next().value;
  }

  /** A broker that could not be reached is why earlier connections ended. */
  unreachable(): void {
    this.unexplainedAt = [];
  }

  status(): TakeoverCount {
    return { count: this.count, lastAt: this.lastAt };
  }

  private isTakeover(reason: unknown): boolean {
    if (reasonCodeOf(reason) === SESSION_TAKEN_OVER) return true;
    if (!(reason instanceof ClosedUnexplained)) return false;
    const now = this.now();
    this.unexplainedAt = [...this.unexplainedAt.filter((at) => now - at < windowMs), now].slice(-UNEXPLAINED);
    return this.unexplainedAt.length === UNEXPLAINED;
  }

  private newWaits(): Generator<number, never> {
    return retryDelays({ minMs: this.reconnectMaxMs, maxMs: LONGEST * this.reconnectMaxMs });
  }
}

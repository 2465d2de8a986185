import { setTimeout as sleep } from "node:timers/promises";
import { reasonOf } from "../lib/errors.js";
import type { Logger } from "../lib/logger.js";
import { retryDelays } from "../lib/retry-delays.js";
import type { Outbox, PendingEvent } from "../outbox/index.js";
import type { Pace } from "./pace.js";

export interface DrainOptions {
  readonly outbox: Outbox;
  /** Fulfilled on the broker's acknowledgement. */
  readonly publish: (pending: PendingEvent) => Promise<void>;
  /** Called with the milliseconds that the broker took. */
  readonly onPublished: (ms: number) => void;
  readonly logger: Logger;
  /** When the next event may be handed to the connection. */
  readonly pace: Pace;
  /** Most events on their way at once. */
  readonly window?: number;
  /** Waits in milliseconds after the broker refused an event. */
  readonly retryMs?: Iterator<number, never>;
}

/** Fulfilled at the next append, at once where one came since the last call, or when the signal is aborted. */
class Doorbell {
  private rung = false;
  private answer: (() => void) | undefined;

  readonly ring = (): void => {
    this.rung = true;
    this.answer?.();
  };

  async heard(): Promise<void> {
    if (!this.rung)
      await new Promise<void>((resolve) => {
        this.answer = resolve;
      });
    this.answer = undefined;
    this.rung = false;
  }
}

/**
 * Publishes what waits in the outbox, in order, and removes each event once the broker has it, until the signal is
 * aborted; then waits for what is on its way. One run belongs to one connection: what that one did not get acknowledged
 * is still in the outbox for the next.
 */
export async function drain(options: DrainOptions, signal: AbortSignal): Promise<void> {
  const {
    outbox,
    publish,
    onPublished,
    pace,
    logger,
    window = 8,
    retryMs = retryDelays({ minMs: 1000, maxMs: 30_000 }),
  } = options;
  const bell = new Doorbell();
  const stopListening = outbox.onAppend(bell.ring);
  signal.addEventListener("abort", bell.ring);
  const inFlight = new Set<Promise<void>>();
  let refusal: string | undefined;

  const send = async (pending: PendingEvent) => {
    const startedAt = performance.now();
    try {
      await publish(pending);
      onPublished(performance.now() - startedAt);
      await outbox.remove(pending.event.sequence);
    } catch (thrown) {
      refusal = reasonOf(thrown);
      bell.ring();
    }
  };

  const sendAllAfter = async (sequence: number): Promise<number> => {
    let last = sequence;
    for await (const pending of outbox.pending(sequence)) {
      await pace.turn(signal);
      while (inFlight.size >= window) await Promise.race(inFlight);
      if (signal.aborted || refusal !== undefined) break;
      last = pending.event.sequence;
      const sending: Promise<void> = send(pending).finally(() => inFlight.delete(sending));
      inFlight.add(sending);
    }
    return last;
  };

  try {
    let last = 0;
    while (!signal.aborted) {
      try {
        last = await sendAllAfter(last);
      } catch (thrown) {
        refusal = `the outbox cannot be read: ${reasonOf(thrown)}`;
      }
      if (refusal === undefined) {
        await bell.heard();
        continue;
      }
      await Promise.all(inFlight);
      if (signal.aborted) break;
      logger.warn({ reason: refusal }, `events stay in the outbox for now: ${refusal}`);
      await sleep(retryMs.next().value, undefined, { signal }).catch(() => undefined);
      refusal = undefined;
      last = 0;
    }
  } finally {
    stopListening();
    signal.removeEventListener("abort", bell.ring);
    await Promise.all(inFlight);
  }
}

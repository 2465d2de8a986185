import type { Pause } from "../contract/index.js";
/** Whether frames may be taken from the source: closed for as long as there is any reason against it. */
export class Gate {
  private readonly reasons = new Set<Pause>();
  private readonly listeners = new Set<() => void>();
  private closing = new AbortController();

  /** Why it is closed; empty where it is open. */
  get pauses(): readonly Pause[] {
    return [...this.reasons];
  }

  /** Says whether a reason holds. */
  set(reason: Pause, holds: boolean): void {
    if (this.reasons.has(reason) === holds) return;
    const wasOpen = this.reasons.size === 0;
    if (holds) this.reasons.add(reason);
    else this.reasons.delete(reason);
    if (wasOpen) this.closing.abort();
    else if (this.reasons.size === 0) this.closing = new AbortController();
    for (const listener of this.listeners) listener();
  }

  /** Calls `listener` whenever a reason comes or goes; returns how to stop that. */
  onChange(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Aborts when the gate closes; is aborted already where it is closed. */
  get closed(): AbortSignal {
    return this.closing.signal;
  }

  /** Waits until it is open, or the signal aborts. */
  async opened(signal: AbortSignal): Promise<void> {
    if (this.reasons.size === 0 || signal.aborted) return;
    await new Promise<void>((resolve) => {
      const done = () => {
        if (this.reasons.size > 0 && !signal.aborted) return;
        forget();
        signal.removeEventListener("abort", done);
        resolve();
      };
      const forget = this.onChange(done);
      signal.addEventListener("abort", done);
    });
  }
}

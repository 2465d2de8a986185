/** A queue of fixed capacity between a camera that does not wait and a consumer that may be slow: drops the oldest. */
export class LatestFrames<T> {
  readonly #items: T[] = [];
  readonly #capacity: number;
  readonly #discard: (item: T) => void;
  #wake: (() => void) | undefined;
  #failure: { readonly reason: unknown } | undefined;
  #closed = false;
  #dropped = 0;

  /** `discard` releases an item that nobody will take. */
  constructor(capacity: number, discard: (item: T) => void) {
    this.#capacity = Math.max(1, Math.floor(capacity));
    this.#discard = discard;
  }

  /** Items given up so far because they were not taken in time. */
  get dropped(): number {
    return this.#dropped;
  }

  put(item: T): void {
    if (this.#closed) {
      this.#discard(item);
      return;
    }
    this.#items.push(item);
    if (this.#items.length > this.#capacity) {
      this.#discard(this.#items.shift() as T);
      this.#dropped += 1;
    }
    this.#wake?.();
  }

  /** The oldest item held, waited for; undefined once closed. One caller at a time. Throws what `close` was given. */
  async take(): Promise<T | undefined> {
    for (;;) {
      if (this.#failure) throw this.#failure.reason;
      if (this.#closed) return undefined;
      const item = this.#items.shift();
      if (item !== undefined) return item;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
      this.#wake = undefined;
    }
  }

  /** Discards what is held and ends every `take`; may be called twice. */
  close(failure?: { readonly reason: unknown }): void {
    this.#failure ??= failure;
    this.#closed = true;
    for (const item of this.#items.splice(0)) this.#discard(item);
    this.#wake?.();
  }
}

/** Waiting that ends early and leaves no timer and no listener behind. */

/** Waits; ends at once, without an error, when the signal aborts. */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted || ms <= 0) return Promise.resolve();
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      signal.removeEventListener("abort", end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal.addEventListener("abort", end, { once: true });
  });
}

export type Outcome<T> = { readonly kind: "value"; readonly value: T } | { readonly kind: "late" | "aborted" };

/**
 * Waits for a promise no longer than `ms` and no longer than the signal lets it; the promise itself goes on, and
 * whoever made it cares for what it brings. Rejects only if the promise does.
 */
export function settle<T>(promise: Promise<T>, ms: number, signal: AbortSignal): Promise<Outcome<T>> {
  return new Promise((resolve, reject) => {
    const finish = (act: () => void): void => {
      clearTimeout(timer);
      signal.removeEventListener("abort", abort);
      act();
    };
    const abort = (): void => finish(() => resolve({ kind: "aborted" }));
    const timer = setTimeout(() => finish(() => resolve({ kind: "late" })), ms);
    signal.addEventListener("abort", abort, { once: true });
    promise.then(
      (value) => finish(() => resolve({ kind: "value", value })),
      (reason: unknown) => finish(() => reject(reason)),
    );
    if (signal.aborted) abort();
  });
}

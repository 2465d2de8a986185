/** A stretch of the recording that is on show, in milliseconds. */
export interface View {
  readonly fromMs: number;
  readonly toMs: number;
}

/** No closer than this: a few frames. */
const LEAST_MS = 120;

/** The view as far as the recording has it: moved back inside, never narrower than some frames. */
export function within({ fromMs, toMs }: View, durationMs: number): View {
  const whole = Math.max(durationMs, LEAST_MS);
  const width = Math.min(whole, Math.max(LEAST_MS, toMs - fromMs));
  const from = Math.min(Math.max(0, fromMs), whole - width);
  return { fromMs: from, toMs: from + width };
}

/** The view made narrower (factor below 1) or wider around a moment, which stays where it is. */
export function zoomed({ fromMs, toMs }: View, factor: number, durationMs: number, atMs = (fromMs + toMs) / 2): View {
  // Held at the narrowest first, or a view that cannot narrow would wander.
  const width = Math.max(LEAST_MS, (toMs - fromMs) * factor);
  const share = (atMs - fromMs) / (toMs - fromMs);
  return within({ fromMs: atMs - share * width, toMs: atMs + (1 - share) * width }, durationMs);
}

/** The view moved by a share of its width. */
export function panned({ fromMs, toMs }: View, share: number, durationMs: number): View {
  const by = share * (toMs - fromMs);
  return within({ fromMs: fromMs + by, toMs: toMs + by }, durationMs);
}

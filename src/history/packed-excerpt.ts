import type { Excerpt } from "./types.js";

/** Steps of a unit that values are rounded to. */
const STEPS = { timesMs: 100, displacement: 100, change: 10_000, head: 100 } as const;

/** An excerpt as it is kept: channels in a row, each as its first value and the differences that follow. */
export interface PackedExcerpt {
  readonly version: 1;
  readonly steps: Readonly<Record<keyof typeof STEPS, number>>;
  readonly regions: readonly string[];
  readonly timesMs: readonly number[];
  readonly displacement: readonly (readonly number[])[];
  readonly change: readonly (readonly number[])[];
  readonly head: readonly (readonly number[])[];
  readonly signal: Excerpt["signal"];
}

/** An excerpt, rounded to 0.01 (`change` to 0.0001), as it deflates best. */
export function packed({ regions, timesMs, displacement, change, head, signal }: Excerpt): PackedExcerpt {
  return {
    version: 1,
    steps: STEPS,
    regions,
    timesMs: differences(timesMs, STEPS.timesMs),
    displacement: channels(displacement, STEPS.displacement),
    change: channels(change, STEPS.change),
    head: channels(head, STEPS.head),
    signal: signal.map(({ timeMs, score, group }) => {
      return { timeMs: Number(timeMs.toFixed(2)), score: Number(score.toFixed(4)), group };
    }),
  };
}

/** The excerpt that was packed. */
export function unpacked({ regions, steps, signal, ...packed }: PackedExcerpt): Excerpt {
  const samples = packed.timesMs.length;
  return {
    regions,
    timesMs: sums(packed.timesMs, steps.timesMs),
    displacement: rows(packed.displacement, steps.displacement, samples),
    change: rows(packed.change, steps.change, samples),
    head: rows(packed.head, steps.head, samples),
    signal,
  };
}

function differences(values: readonly number[], steps: number): number[] {
  let last = 0;
  return values.map((value) => {
    const step = Math.round(value * steps);
    const difference = step - last;
    last = step;
    return difference;
  });
}

function sums(differences: readonly number[], steps: number): number[] {
  let sum = 0;
  return differences.map((difference) => {
    sum += difference;
    return sum / steps;
  });
}

function channels(samples: readonly (readonly number[])[], steps: number): number[][] {
  const count = samples[0]?.length ?? 0;
  const channel = (c: number) => samples.map((sample) => sample[c] ?? 0);
  return Array.from({ length: count }, (_, c) => differences(channel(c), steps));
}

function rows(channels: readonly (readonly number[])[], steps: number, samples: number): number[][] {
  const values = channels.map((channel) => sums(channel, steps));
  return Array.from({ length: samples }, (_, s) => values.map((channel) => channel[s] ?? 0));
}

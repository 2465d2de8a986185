import type { SignalSample } from "./recording.js";

type Signal = NonNullable<SignalSample["signal"]>;
export type Unjoined = Omit<SignalSample, "signal">;

/** Samples that wait for a word of the spotter; more are let go with what it has said. Ten seconds at 200 a second. */
const MOST = 2000;

/**
 * Gives one face's samples the spotter's latest word at or before each. Its clock lags behind the samples, so a sample
 * waits until the spotter speaks of its moment or a later one.
 */
export class LatestSignal {
  private readonly samples: Unjoined[] = [];
  private readonly signals: Signal[] = [];
  private last: Signal | null = null;

  /** Time of the newest sample. */
  newestMs = Number.NEGATIVE_INFINITY;

  sample(sample: Unjoined): SignalSample[] {
    this.samples.push(sample);
    this.newestMs = sample.timeMs;
    return this.samples.length > MOST ? this.joined(1) : [];
  }

  /** Samples that are settled by this. */
  signal(signal: Signal): SignalSample[] {
    this.signals.push(signal);
    const later = this.samples.findIndex(({ timeMs }) => timeMs > signal.timeMs);
    return this.joined(later === -1 ? this.samples.length : later);
  }

  /** All that wait. */
  end(): SignalSample[] {
    return this.joined(this.samples.length);
  }

  private joined(count: number): SignalSample[] {
    return this.samples.splice(0, count).map((sample) => {
      while ((this.signals[0]?.timeMs ?? Number.POSITIVE_INFINITY) <= sample.timeMs)
        this.last = this.signals.shift() ?? null;
      return { ...sample, signal: this.last };
    });
  }
}

/** What was seen and raised over a stretch of time, as plain data that survives a restart. */
export interface TallyData {
  /** Milliseconds since the Unix epoch. */
  readonly fromMs: number;
  events: number;
  /** Events by their label, as far as events have one. */
  labels: Record<string, number>;
  /** Movements that raised no event, by the reason. */
  suppressed: Record<string, number>;
  /** Events in each bin of time from the beginning on; bins after the last event are missing. */
  timeline: number[];
  captured: number;
  dropped: number;
  /** Milliseconds in which frames came, and in which at least one face was analysed. */
  watchedMs: number;
  analysableMs: number;
  /** Times that the daemon was started meanwhile. */
  interruptions: number;
}

/** What a source has counted since it was opened. */
export interface SourceCounts {
  readonly captured: number;
  readonly dropped: number;
}

/** A longer gap between frames is time in which nothing was seen. */
const MAX_GAP_MS = 1000;

/** Counts over a stretch of time. */
export class Tally {
  private source: SourceCounts;
  private lastFrame: { readonly timeMs: number; seen: boolean } | undefined;

  /**
   * @param binMs length of a bin of the timeline
   * @param source what the source, that others count too, has counted already
   */
  constructor(
    readonly data: TallyData,
    private readonly binMs: number,
    source: SourceCounts = { captured: 0, dropped: 0 },
  ) {
    this.source = source;
  }

  /** The data of a stretch that begins now. */
  static begin(fromMs: number): TallyData {
    return {
      fromMs,
      events: 0,
      labels: {},
      suppressed: {},
      timeline: [],
      captured: 0,
      dropped: 0,
      watchedMs: 0,
      analysableMs: 0,
      interruptions: 0,
    };
  }

  /** Called for every frame, in order, before its faces. */
  frame(timeMs: number): void {
    const { data, lastFrame } = this;
    const gapMs = lastFrame === undefined ? 0 : timeMs - lastFrame.timeMs;
    // Time that goes back is another stream's.
    if (gapMs > 0 && gapMs <= MAX_GAP_MS) {
      data.watchedMs += gapMs;
      if (lastFrame?.seen) data.analysableMs += gapMs;
    }
    this.lastFrame = { timeMs, seen: false };
  }

  /** Called for every face that is analysed in the last frame. */
  face(): void {
    if (this.lastFrame !== undefined) this.lastFrame.seen = true;
  }

  event(nowMs: number, label?: string): void {
    const { data, binMs } = this;
    data.events++;
    if (label !== undefined) data.labels[label] = (data.labels[label] ?? 0) + 1;
    const bin = Math.max(0, Math.floor((nowMs - data.fromMs) / binMs));
    while (data.timeline.length <= bin) data.timeline.push(0);
    data.timeline[bin] = (data.timeline[bin] ?? 0) + 1;
  }

  suppressed(reason: string): void {
    const { suppressed } = this.data;
    suppressed[reason] = (suppressed[reason] ?? 0) + 1;
  }

  /** Takes over what the source has counted since it was last told of; one that counts from 0 again is a new one. */
  sourceCounts(counts: SourceCounts): void {
    const since = counts.captured < this.source.captured ? { captured: 0, dropped: 0 } : this.source;
    this.data.captured += counts.captured - since.captured;
    this.data.dropped += Math.max(0, counts.dropped - since.dropped);
    this.source = counts;
  }
}

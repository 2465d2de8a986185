import type { CoverageSpan } from "../history/index.js";
import type { CoverageMs } from "../pipeline/index.js";

/** Long enough for months in a small table, short enough for a gap to be seen. */
const EVERY_MS = 10_000;

interface CoverageLogOptions {
  /** What the run at work has covered since it began. */
  readonly read: () => CoverageMs;
  readonly session: () => string | null;
  readonly store: (session: string, span: CoverageSpan) => void;
}

/** Writes down every ten seconds how much of them could be judged, and why not the rest. */
export class CoverageLog {
  private readonly timer: NodeJS.Timeout;
  private last: CoverageMs;
  private fromMs = Date.now();
  private session: string | null;

  constructor(private readonly options: CoverageLogOptions) {
    this.last = options.read();
    this.session = options.session();
    this.timer = setInterval(() => this.write(), EVERY_MS).unref();
  }

  /** Writes the span so far; called when a session begins or ends, so that no span lies across it. */
  write(): void {
    const now = this.options.read();
    const toMs = Date.now();
    // A run that has just begun counts from zero.
    const since = now.watched < this.last.watched ? { watched: 0, judged: 0, gaps: {} } : this.last;
    const gapsBefore: Readonly<Record<string, number>> = since.gaps;
    const gaps = Object.entries(now.gaps).map(([reason, ms]) => [reason, Math.round(ms - (gapsBefore[reason] ?? 0))]);
    const span: CoverageSpan = {
      fromMs: Math.min(this.fromMs, toMs),
      toMs,
      watchedMs: Math.round(now.watched - since.watched),
      judgedMs: Math.round(now.judged - since.judged),
      gaps: Object.fromEntries(gaps.filter(([, ms]) => ms !== 0)),
    };
    if (this.session !== null && toMs > span.fromMs) this.options.store(this.session, span);
    // The object that `read` gives may go on counting.
    this.last = { ...now, gaps: { ...now.gaps } };
    this.fromMs = toMs;
    this.session = this.options.session();
  }

  /** May be called twice. */
  stop(): void {
    clearInterval(this.timer);
    this.write();
    this.session = null;
  }
}

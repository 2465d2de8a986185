import type { Config } from "../config/index.js";
import type { BoardReading, Load, LoadStep } from "../contract/index.js";
import { LoadShedder } from "../pipeline/index.js";
import { LEAST_FPS } from "../spotting/index.js";

/** What is read and what is done about it; the run at work may be another every time. */
export interface BoardMonitorOptions {
  readonly settings: () => Config["board"];
  readonly read: () => Promise<BoardReading | null>;
  readonly run: () => LoadedRun | undefined;
  readonly log: { warn(fields: object, message: string): void; info(fields: object, message: string): void };
  /** Publishes the state. */
  readonly publishState: () => void;
  /** Milliseconds on a monotonic clock. */
  readonly now?: () => number;
  readonly wallNow?: () => number;
}

/** What of a run is looked at, and told. */
interface LoadedRun {
  readonly source: { readonly live: boolean };
  sourceStats(): { readonly measuredFps: number };
  shed(step: LoadStep): void;
}

const SAYS: Readonly<Record<LoadStep, string>> = {
  full: "all the work is done again",
  fewer_searches: "faces are searched for less often",
  every_second_frame: "every second frame is left out",
};

/** Reads the board from time to time, and leaves out work while it is hot. */
export class BoardMonitor {
  private readonly shedder: LoadShedder;
  private timer: NodeJS.Timeout | undefined;
  private sampling: Promise<void> | undefined;
  private last: BoardReading | null = null;

  constructor(private readonly options: BoardMonitorOptions) {
    this.shedder = new LoadShedder(options.settings, LEAST_FPS);
  }

  /** The last reading; null where the board tells nothing. */
  get reading(): BoardReading | null {
    return this.last;
  }

  get load(): Load {
    return this.shedder.load;
  }

  /** Reads now, and then every `board.sampleSeconds`; a reading that takes longer is not overtaken. */
  start(): void {
    const { enabled, sampleSeconds } = this.options.settings();
    if (!enabled) return;
    this.timer = setInterval(() => void this.sample(), sampleSeconds * 1000).unref();
    void this.sample();
  }

  async stop(): Promise<void> {
    clearInterval(this.timer);
    await this.sampling;
  }

  /** Reads the board and does what is to be done about it; while one is under way there is no other. */
  sample(): Promise<void> {
    this.sampling ??= this.take().finally(() => {
      this.sampling = undefined;
    });
    return this.sampling;
  }

  private async take(): Promise<void> {
    const { now = () => performance.now(), wallNow = () => Date.now(), run: current, log, publishState } = this.options;
    const first = this.last === null;
    this.last = await this.options.read();
    const run = current();
    if (run === undefined) return;
    const before = this.shedder.load;
    const changed = this.shedder.take({
      nowMs: now(),
      wallMs: wallNow(),
      heat: this.last,
      sourceFps: run.sourceStats().measuredFps,
      live: run.source.live,
    });
    // Every time: the run may have begun since.
    const { step, reason, suffices } = this.shedder.load;
    run.shed(step);
    if (changed || (first && this.last !== null)) publishState();
    if (!changed) return;
    const { hottestC, headroomC, throttledBy } = this.last ?? { hottestC: null, headroomC: null, throttledBy: [] };
    const fields = { step, reason, hottestC, headroomC, throttledBy };
    if (step !== before.step) log[step === "full" ? "info" : "warn"](fields, `load: ${SAYS[step]}`);
    if (!suffices && before.suffices)
      log.warn(fields, "load: the board is still hot, and nothing more can be left out");
  }
}

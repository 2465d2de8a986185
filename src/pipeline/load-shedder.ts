import type { Load, LoadStep } from "../contract/index.js";

/** The configuration's section `board`, as far as it is about shedding. */
export interface LoadSettings {
  readonly shedLoad: boolean;
  readonly hotMarginC: number;
  readonly coolMarginC: number;
  readonly hotSeconds: number;
  readonly coolSeconds: number;
}

/** What a reading of the board says of its heat. */
export interface Heat {
  readonly throttled: boolean | null;
  readonly throttledBy: readonly string[];
  readonly headroomC: number | null;
}

export interface Sample {
  /** Milliseconds on a monotonic clock. */
  readonly nowMs: number;
  readonly wallMs: number;
  /** Null where the board tells nothing. */
  readonly heat: Heat | null;
  /** Frames a second that the source gives, before any is left out; 0 where that is not known yet. */
  readonly sourceFps: number;
  /** A file is never shed. */
  readonly live: boolean;
}

/**
 * Decides how much work to leave out, one step at a time: further when the board has been hot for `hotSeconds`, back
 * when it has been cool for `coolSeconds`. Between hot and cool everything stays as it is. A board that tells nothing is
 * as good as cool: it protects itself, and expressions are lost for a reason only.
 */
export class LoadShedder {
  private step: LoadStep = "full";
  private since: number | undefined;
  private reason: string | null = null;
  private changes = 0;
  private suffices = true;
  /** When the stretch of one kind of weather began. */
  private weather: { readonly kind: "hot" | "cool" | "between"; fromMs: number } | undefined;

  /**
   * @param settings asked for at every reading
   * @param leastFps what the spotter needs: every second frame is left out only where so many remain
   */
  constructor(
    private readonly settings: () => LoadSettings,
    private readonly leastFps: number,
  ) {}

  get load(): Load {
    const { step, since, reason, suffices, changes } = this;
    return { step, since: since === undefined ? null : new Date(since).toISOString(), reason, suffices, changes };
  }

  /** Takes a reading; true where the load has changed in any way. */
  take(sample: Sample): boolean {
    const settings = this.settings();
    if (!settings.shedLoad || !sample.live) {
      const why = sample.live ? "board.shedLoad is off" : "files are never shed";
      this.weather = undefined;
      return this.step === "full" ? this.setSuffices(true) : this.go("full", why, sample);
    }
    const kind = this.kindOf(sample.heat);
    if (this.weather?.kind !== kind) this.weather = { kind, fromMs: sample.nowMs };
    // A camera that was opened anew may be a slower one, of which half is too little.
    if (this.step === "every_second_frame" && this.tooSlow(sample)) {
      return this.go("fewer_searches", this.tooSlowWhy(sample), sample, kind !== "hot");
    }
    const lastedS = (sample.nowMs - this.weather.fromMs) / 1000;
    if (kind === "hot") return lastedS >= settings.hotSeconds ? this.shed(sample) : false;
    const changed = this.setSuffices(true);
    if (kind !== "cool" || this.step === "full" || lastedS < settings.coolSeconds) return changed;
    return this.go(this.step === "every_second_frame" ? "fewer_searches" : "full", this.coolWhy(sample.heat), sample);
  }

  private shed(sample: Sample): boolean {
    if (this.step === "full") return this.go("fewer_searches", this.hotWhy(sample.heat), sample);
    if (this.step === "every_second_frame" || sample.sourceFps <= 0 || this.tooSlow(sample)) {
      return this.setSuffices(false);
    }
    return this.go("every_second_frame", this.hotWhy(sample.heat), sample);
  }

  private tooSlow({ sourceFps }: Sample): boolean {
    return sourceFps > 0 && sourceFps / 2 < this.leastFps;
  }

  private kindOf(heat: Heat | null): "hot" | "cool" | "between" {
    const { hotMarginC, coolMarginC } = this.settings();
    if (heat === null) return "cool";
    const { throttled, headroomC } = heat;
    if (throttled === true || (headroomC !== null && headroomC <= hotMarginC)) return "hot";
    return headroomC === null || headroomC >= coolMarginC ? "cool" : "between";
  }

  private go(step: LoadStep, reason: string, { nowMs, wallMs }: Sample, suffices = true): boolean {
    this.step = step;
    this.since = wallMs;
    this.reason = reason;
    this.suffices = suffices;
    this.changes++;
    // The next step waits as long again: this one must have had its effect.
    if (this.weather !== undefined) this.weather.fromMs = nowMs;
    return true;
  }

  private setSuffices(suffices: boolean): boolean {
    if (this.suffices === suffices) return false;
    this.suffices = suffices;
    return true;
  }

  private hotWhy(heat: Heat | null): string {
    if (heat?.throttled === true) return `the board throttles itself: ${heat.throttledBy.join(", ")}`;
    return `${celsius(heat?.headroomC)} below throttling (board.hotMarginC ${this.settings().hotMarginC})`;
  }

  private coolWhy(heat: Heat | null): string {
    if (heat === null || heat.headroomC === null) return "the board no longer says that it is hot";
    return `cool again: ${celsius(heat.headroomC)} below throttling`;
  }

  private tooSlowWhy({ sourceFps }: Sample): string {
    return `half of ${sourceFps.toFixed(1)} frames/s is less than the spotter needs (${this.leastFps})`;
  }
}

function celsius(value: number | null | undefined): string {
  return `${(value ?? 0).toFixed(1)} °C`;
}

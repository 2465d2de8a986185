import type { Arrival } from "./arrival.js";
import { sayingOf } from "./saying.js";

const REDRAW_MS = 200;
const TELL_EVERY_MS = 5000;

/** One aligned line about an event. */
export function eventLine(arrival: Arrival): string {
  const { onsetMs, offsetMs, arrivedAfterMs, spotting } = arrival;
  const { what, percent } = sayingOf(arrival);
  const at = `${(onsetMs / 1000).toFixed(2)}–${(offsetMs / 1000).toFixed(2)} s`;
  const regions = spotting.regions
    .slice(0, 3)
    .map(({ name }) => name)
    .join(", ");
  const late = `${Math.round(arrivedAfterMs)} ms after its end`;
  return `  ${at.padEnd(15)} ${what.padEnd(9)} ${percent.padStart(5)}  ${late.padEnd(20)}  ${regions}`;
}

/** Lines for a person, and below them, on a terminal, how far the video is. */
export class Screen {
  readonly #out: NodeJS.WriteStream;
  readonly #durationMs: number;
  #startedMs: number | undefined;
  #events = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(out: NodeJS.WriteStream, durationMs: number) {
    this.#out = out;
    this.#durationMs = durationMs;
  }

  line(text: string): void {
    this.#clear();
    this.#out.write(`${text}\n`);
  }

  event(arrival: Arrival): void {
    this.#events++;
    this.line(eventLine(arrival));
  }

  /** The video has begun. */
  begin(): void {
    this.#startedMs = performance.now();
    const draw = () => (this.#out.isTTY ? this.#out.write(`\r\x1b[K${this.#progress()}`) : this.line(this.#progress()));
    this.#timer = setInterval(draw, this.#out.isTTY ? REDRAW_MS : TELL_EVERY_MS);
  }

  end(): void {
    clearInterval(this.#timer);
    this.#clear();
  }

  #progress(): string {
    const elapsed = performance.now() - (this.#startedMs ?? performance.now());
    const shown = (Math.min(elapsed, this.#durationMs) / 1000).toFixed(0);
    return `  … ${shown} of ${(this.#durationMs / 1000).toFixed(0)} s, events: ${this.#events}`;
  }

  #clear(): void {
    if (this.#out.isTTY) this.#out.write("\r\x1b[K");
  }
}

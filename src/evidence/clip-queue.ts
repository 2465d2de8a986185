import { bytesOf, type Footage } from "./footage.js";

/** Clips that may wait for the encoder, and what their pictures may take in memory, bytes. */
const MAX_WAITING = 16;
const MAX_BYTES = 256_000_000;

interface Wanted {
  readonly footage: Footage;
  readonly bytes: number;
}

/** Footage that waits to be encoded, one at a time. What comes while it is full is dropped and counted. */
export class ClipQueue {
  private readonly waitingOnes: Wanted[] = [];
  private working: Promise<void> | undefined;
  private held = 0;
  dropped = 0;

  /**
   * @param make must not throw
   * @param onDrop told of each that is not taken, or is given up at the end; must not throw
   */
  constructor(
    private readonly make: (footage: Footage) => Promise<void>,
    private readonly onDrop: (footage: Footage, why: "busy" | "stopped") => void,
  ) {}

  get waiting(): number {
    return this.waitingOnes.length;
  }

  add(footage: Footage): void {
    const bytes = bytesOf(footage);
    if (this.waitingOnes.length >= MAX_WAITING || (this.held > 0 && this.held + bytes > MAX_BYTES)) {
      this.dropped += 1;
      this.onDrop(footage, "busy");
      return;
    }
    this.held += bytes;
    this.waitingOnes.push({ footage, bytes });
    this.working ??= this.work();
  }

  /** Settles when nothing waits any more, or the signal aborts: then what waits is given up. */
  async emptied(signal: AbortSignal): Promise<void> {
    const giveUp = () => {
      for (const { footage, bytes } of this.waitingOnes.splice(0)) {
        this.held -= bytes;
        this.onDrop(footage, "stopped");
      }
    };
    if (signal.aborted) giveUp();
    signal.addEventListener("abort", giveUp, { once: true });
    await this.working;
    signal.removeEventListener("abort", giveUp);
  }

  private async work(): Promise<void> {
    for (let next = this.waitingOnes.shift(); next !== undefined; next = this.waitingOnes.shift()) {
      await this.make(next.footage);
      this.held -= next.bytes;
    }
    this.working = undefined;
  }
}

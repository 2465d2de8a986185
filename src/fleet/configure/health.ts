import type { State } from "../../contract/index.js";
import type { Device } from "../devices.js";

/** How a source may be under which nothing is seen, though something should be. */
const BLIND: readonly State["source"]["status"][] = ["lost", "frozen", "ended"];

/** Watches one device from the moment at which it is made: whether it stays, and goes on seeing. */
export class Health {
  private readonly bootId: string | undefined;
  private readonly statesBefore: number;
  private statesSeen: number;
  private last: State | undefined;
  private stalled = false;

  constructor(device: Device | undefined) {
    this.bootId = device?.availability?.bootId;
    this.statesBefore = device?.states ?? 0;
    this.statesSeen = this.statesBefore;
  }

  /** What is wrong with the device now; undefined for nothing. Frames are judged from one state to the next. */
  fault(device: Device | undefined): string | undefined {
    const { availability } = device ?? {};
    if (availability?.status !== "online") return `is ${availability?.status ?? "unknown at the broker"}`;
    if (availability.bootId !== this.bootId) return "was started anew";
    if (device?.state !== undefined && device.states > this.statesSeen) this.see(device.state, device.states);
    if (this.last === undefined) return undefined;
    const { status, lastError } = this.last.source;
    if (BLIND.includes(status))
      return `delivers no frames: its source is ${status}${lastError ? ` (${lastError})` : ""}`;
    return this.stalled ? "delivers no frames: none came between two states" : undefined;
  }

  /** A state has come since the beginning, and by it the device watches, or is not to. */
  get proven(): boolean {
    const status = this.last?.source.status;
    return status === "streaming" || status === "paused";
  }

  private see(state: State, states: number): void {
    const before = this.last;
    this.stalled =
      before !== undefined &&
      [before, state].every(({ source }) => source.status === "streaming") &&
      before.watches === state.watches &&
      before.source.captured === state.source.captured;
    this.last = state;
    this.statesSeen = states;
  }
}

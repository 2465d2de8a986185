import type { ClipContent, MicroExpressionEvent } from "../contract/index.js";
import type { Mat } from "../runtime/opencv.js";
import type { Candidate } from "../spotting/index.js";
import type { CropLayout, FaceObservation } from "../stream/index.js";
import type { Footage, Still } from "./footage.js";
import { StillRing } from "./still-ring.js";
import { FaceWindow } from "./window.js";

/** What a clip holds before the onset and after the offset, milliseconds. */
export const LEAD_MS = 500;
export const TAIL_MS = 500;

interface FaceTakesOptions {
  readonly content: ClipContent;
  readonly layout: CropLayout;
  readonly spanMs: number;
  readonly maxFps: number;
}

/** Pictures around a candidate, held from when it is raised: by the time that it is judged, the ring may have moved on. */
interface Take {
  readonly candidate: Candidate;
  readonly toMs: number;
  readonly stills: Still[];
  event?: MicroExpressionEvent;
  whole: boolean;
}

/** The pictures of one face, and those around its candidates. */
export class FaceTakes {
  private readonly window: FaceWindow;
  private ring: StillRing | undefined;
  private takes: Take[] = [];

  constructor(
    private readonly options: FaceTakesOptions,
    private readonly onFootage: (footage: Footage) => void,
  ) {
    this.window = new FaceWindow(options.layout);
  }

  get lastMs(): number {
    return this.ring?.lastMs ?? -Infinity;
  }

  async see(observation: FaceObservation, image: Mat): Promise<void> {
    const { content, layout, spanMs, maxFps } = this.options;
    const { timeMs, crop } = observation;
    const isCrop = content === "crop";
    this.ring ??= new StillRing(isCrop ? layout.size : this.window.sideFor(observation, image), spanMs, maxFps);
    const still: Still = { timeMs, data: isCrop ? crop : await this.window.picture(observation, image) };
    this.ring.push(still);
    for (const take of this.takes) {
      if (timeMs <= take.toMs) take.stills.push(still);
      if (timeMs >= take.toMs) take.whole = true;
    }
    this.handOut();
  }

  begin(candidate: Candidate): void {
    const toMs = candidate.offsetMs + TAIL_MS;
    const stills = this.ring?.cut(candidate.onsetMs - LEAD_MS, toMs) ?? [];
    this.takes.push({ candidate, toMs, stills, whole: this.lastMs >= toMs });
  }

  /** The candidate became this event, or none. */
  settle(candidate: Candidate, event: MicroExpressionEvent | undefined): void {
    const take = this.takes.find((known) => known.candidate === candidate);
    if (take === undefined) return;
    if (event === undefined) this.takes = this.takes.filter((known) => known !== take);
    else take.event = event;
    this.handOut();
  }

  /** The face has left: what has become an event gets what there is. */
  end(): void {
    for (const take of this.takes) take.whole = true;
    this.handOut();
    this.takes = [];
  }

  private handOut(): void {
    const due = this.takes.filter(({ whole, event }) => whole && event !== undefined);
    if (due.length === 0) return;
    this.takes = this.takes.filter((take) => !due.includes(take));
    for (const { event, stills } of due) if (event) this.onFootage({ event, stills, side: this.ring?.side ?? 0 });
  }
}

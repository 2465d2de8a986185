import type { Graph } from "../runtime/index.js";
import { lengths } from "./feature-difference.js";
import { Grid } from "./grid.js";
import { type Group, groupsOf } from "./groups.js";
import { MotionHistory } from "./history.js";
import type { MotionSample } from "./motion-sample.js";
import { directionOf, FLOOR, HISTORY_MS, lengthRefusal, regionsMoved, rounded, roundedMarks } from "./movement.js";
import { type Settled, Settling, type StepSaying } from "./settling.js";
import { type Shape, shapeOf } from "./shape.js";
import { type SpotLayout, SpotNet } from "./spot-net.js";
import type { Candidate, MotionSignal, Spotted, Spotter, SpottingSettings } from "./spotter.js";

/** A marked flank is looked for this far beyond what the network said. */
export const SLACK_MS = 60;
/** A flank that is marked farther than this from what the network said has been taken for another's, or cut short. */
export const APART_MS = 40;
/** How far back a movement is looked for that the signal is named after. */
const MOMENT_MS = 150;

/**
 * A network over the last 3.2 s of region motion says at every 40 ms whether a micro-expression has just ended, and
 * when it began and peaked; the marks are then put on the movement itself.
 */
export class LearnedSpotter implements Spotter {
  private readonly history = new MotionHistory(HISTORY_MS);
  private readonly grid: Grid;
  private readonly net: SpotNet;
  private readonly settling: Settling;
  private readonly groups: readonly Group[];
  private noise: Float64Array;

  /**
   * @param graph the manifest's `spotter`.
   * @param layout what the manifest says of it.
   */
  constructor(
    graph: Graph,
    layout: SpotLayout,
    private readonly regions: readonly string[],
    private readonly settings: () => SpottingSettings,
    private readonly onSignal?: (signal: MotionSignal) => void,
  ) {
    this.grid = new Grid(regions.length);
    this.net = new SpotNet(graph, layout);
    this.settling = new Settling(() => settings().minProbability);
    this.groups = groupsOf(regions);
    this.noise = new Float64Array(regions.length).fill(FLOOR);
  }

  async push(sample: MotionSample): Promise<Spotted[]> {
    this.history.push(sample);
    const found: Spotted[] = [];
    for (const step of this.grid.push(sample)) {
      // The face was away: what it did before is settled first, with the place where it was last seen.
      if (step.index === 0) found.push(...(await this.end()));
      this.noise = step.noise;
      const saying = await this.net.ask(step);
      if (saying !== undefined) this.signal(saying);
      const settled = saying && this.settling.push(saying);
      if (settled !== undefined) found.push(this.judge(settled));
    }
    return found;
  }

  get ready(): boolean {
    return this.net.ready;
  }

  async end(): Promise<Spotted[]> {
    const found: Spotted[] = [];
    for await (const saying of this.net.hold()) {
      const settled = this.settling.push(saying);
      if (settled !== undefined) found.push(this.judge(settled));
    }
    const settled = this.settling.end();
    if (settled !== undefined) found.push(this.judge(settled));
    return found;
  }

  /** Named after what moved most in the last moment; the network itself does not say. */
  private signal({ timeMs, probability }: StepSaying): void {
    if (this.onSignal === undefined) return;
    const at = (ms: number) => this.history.at(ms, (sample) => sample.displacement);
    const before = at(timeMs - MOMENT_MS);
    const sizes = lengths(at(timeMs).map((value, i) => value - (before[i] as number)));
    const times = (group: Group) => Math.max(...group.regions.map((r) => (sizes[r] as number) / this.sigma(r)));
    const strongest = this.groups.reduce((best, group) => (times(group) > times(best) ? group : best));
    this.onSignal({ timeMs, score: probability, group: strongest.name });
  }

  private judge(settled: Settled): Spotted {
    const height = this.heightOf(settled);
    const { onsetMs, apexMs, offsetMs } = this.marked(settled, height);
    const score = settled.probability;
    const candidate = this.candidate({ onsetMs, apexMs, offsetMs, probability: score }, height);
    const reason = lengthRefusal(offsetMs - onsetMs, this.settings());
    if (reason === undefined) return { kind: "candidate", candidate };
    const { reason: _, ...movement } = candidate;
    return { kind: "suppressed", reason, apexMs, score, movement };
  }

  /** Displacements at the apex against the mean of those at onset and offset. */
  private heightOf({ onsetMs, apexMs, offsetMs }: Settled): Float64Array {
    const at = (timeMs: number) => this.history.at(timeMs, (sample) => sample.displacement);
    const [before, top, after] = [at(onsetMs), at(apexMs), at(offsetMs)];
    return top.map((value, i) => value - ((before[i] as number) + (after[i] as number)) / 2);
  }

  private readonly sigma = (region: number): number => Math.max(FLOOR, this.noise[region] ?? FLOOR);

  /**
   * Onset and offset on the movement itself, near to what the network said; the apex midway between both, for each errs
   * in its own way. The network's own marks where noise hides the movement.
   */
  private marked(settled: Settled, height: Float64Array): Pick<Settled, "onsetMs" | "apexMs" | "offsetMs"> {
    const shape = this.shape(settled, height);
    if (shape === undefined) return settled;
    const near = (marked: number, told: number) => Math.min(told + APART_MS, Math.max(told - APART_MS, marked));
    return {
      onsetMs: near(shape.onsetMs, settled.onsetMs),
      apexMs: (shape.apexMs + settled.apexMs) / 2,
      offsetMs: near(shape.offsetMs, settled.offsetMs),
    };
  }

  /** The movement's own shape along its own direction; undefined where noise hides it. */
  private shape(settled: Settled, height: Float64Array): Shape | undefined {
    const weights = directionOf(height, this.sigma);
    if (weights.every((weight) => weight === 0)) return undefined;
    const { onsetMs, apexMs, offsetMs } = settled;
    const reach = { before: apexMs - onsetMs + SLACK_MS, after: offsetMs - apexMs + SLACK_MS };
    return shapeOf(this.history, apexMs, weights, reach);
  }

  private candidate({ onsetMs, apexMs, offsetMs, probability }: Settled, height: Float64Array): Candidate {
    const regions = regionsMoved(this.regions, height, this.sigma);
    const strongest = this.groups.find((group) => group.regions.some((r) => this.regions[r] === regions[0]?.name));
    const what = strongest === undefined ? "something moved faintly" : `${strongest.name} moved`;
    return {
      ...roundedMarks({ onsetMs, apexMs, offsetMs }),
      score: rounded(probability, 3),
      probability,
      regions,
      reason: `${what} and returned within ${Math.round(offsetMs - onsetMs)} ms, ${Math.round(100 * probability)} % like a micro-expression`,
    };
  }
}

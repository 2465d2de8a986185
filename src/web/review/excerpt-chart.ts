import uPlot from "uplot";
import type { Excerpt } from "../../history/index.js";
import { groupsOf } from "../../spotting/groups.js";
import { largestIn } from "../groups.js";
import { axesOf, groupSeries, widthIn } from "../parts/chart.js";
import { colour } from "../parts/colours.js";

const SCORE_HEIGHT = 130;
const REGION_HEIGHT = 190;

/** The signal around a movement: the spotter's score above, the face's regions below; times relative to `zeroMs`. */
export class ExcerptChart {
  readonly charts: readonly uPlot[];

  constructor(
    private readonly element: HTMLElement,
    excerpt: Excerpt,
    private readonly zeroMs: number,
    /** When the movement began: from there on regions are measured. */
    private readonly restMs: number,
    /** Milliseconds before and after `zeroMs` that are shown. */
    private readonly shown: readonly [beforeMs: number, afterMs: number],
    onMoved: () => void,
  ) {
    this.charts = [this.scoreChart(excerpt, onMoved), this.regionChart(excerpt)];
  }

  /** Where a moment of the stream lies, pixels from the left of the element. */
  leftOf(timeMs: number): number {
    const [chart] = this.charts;
    return chart === undefined ? 0 : chart.valToPos(timeMs - this.zeroMs, "x") + chart.over.offsetLeft;
  }

  /** The moment of the stream at so many pixels from the left. */
  timeAt(left: number): number {
    const [chart] = this.charts;
    return chart === undefined ? 0 : chart.posToVal(left - chart.over.offsetLeft, "x") + this.zeroMs;
  }

  close(): void {
    for (const chart of this.charts) chart.destroy();
  }

  private options(excerpt: Excerpt, height: number, label: string): Omit<uPlot.Options, "series"> {
    const first = Math.max((excerpt.timesMs[0] ?? 0) - this.zeroMs, -this.shown[0]);
    const last = Math.min((excerpt.timesMs.at(-1) ?? 0) - this.zeroMs, this.shown[1]);
    return {
      width: widthIn(this.element),
      height,
      legend: { show: false },
      cursor: { x: false, y: false, drag: { x: false, y: false }, points: { show: false } },
      scales: { x: { time: false, range: () => [first, last] } },
      axes: axesOf(label, (splits) => splits.map((ms) => `${(ms / 1000).toFixed(1)} s`)),
    };
  }

  private scoreChart(excerpt: Excerpt, onMoved: () => void): uPlot {
    const times = excerpt.signal.map(({ timeMs }) => timeMs - this.zeroMs);
    const scores = excerpt.signal.map(({ score }) => score);
    const options = this.options(excerpt, SCORE_HEIGHT, "score");
    return new uPlot(
      {
        ...options,
        scales: { ...options.scales, y: { range: (_, __, most) => [0, Math.max(1, (most ?? 0) * 1.1)] } },
        series: [{}, { stroke: () => colour("signal"), width: 1.8, points: { show: false } }],
        hooks: { ready: [onMoved], setSize: [onMoved] },
      },
      [times, scores],
      this.element,
    );
  }

  private regionChart(excerpt: Excerpt): uPlot {
    const groups = groupsOf(excerpt.regions);
    const at = excerpt.timesMs.findIndex((ms) => ms >= this.restMs);
    const rest = excerpt.displacement[Math.max(0, at)] ?? [];
    const moved = excerpt.displacement.map((sample) =>
      excerpt.regions.map((_, r) =>
        Math.hypot((sample[2 * r] ?? 0) - (rest[2 * r] ?? 0), (sample[2 * r + 1] ?? 0) - (rest[2 * r + 1] ?? 0)),
      ),
    );
    const series = groupSeries(groups);
    return new uPlot(
      { ...this.options(excerpt, REGION_HEIGHT, "‰ eye dist."), series: [{}, ...series] },
      [
        excerpt.timesMs.map((ms) => ms - this.zeroMs),
        ...groups.map((group) => moved.map((values) => largestIn(group, values))),
      ],
      this.element,
    );
  }
}

import uPlot from "uplot";
import type { FaceTick } from "../../console/index.js";
import { type Group, groupsOf } from "../../spotting/groups.js";
import { largestIn } from "../groups.js";
import { axesOf, groupSeries, widthIn } from "../parts/chart.js";
import { colour, isCalm } from "../parts/colours.js";
import { drawLimit, drawSign } from "../parts/signs.js";
import { timeOf } from "../words.js";

/** So much is to be seen at once. */
const WINDOW_S = 20;
const SCORE_HEIGHT = 110;
const REGION_HEIGHT = 120;
const CALM_MS = 1000;

interface Mark {
  readonly atS: number;
  readonly raised: boolean;
}

/** The motion of one face as it comes: the spotter's score above, its regions below. */
export class Lane {
  private readonly groups: readonly Group[];
  private readonly times: number[] = [];
  private readonly scores: (number | null)[] = [];
  private readonly lines: number[][];
  private marks: Mark[] = [];
  readonly charts: readonly uPlot[];
  private due = 0;
  private drawnMs = 0;

  constructor(
    private readonly element: HTMLElement,
    regions: readonly string[],
    private readonly threshold: number,
  ) {
    this.groups = groupsOf(regions);
    this.lines = this.groups.map(() => []);
    this.charts = [this.scoreChart(), this.regionChart()];
  }

  push(tick: FaceTick): void {
    const { times, scores, lines } = this;
    // The wall clock may have been set back; a lane begins anew then.
    if (tick.atMs / 1000 <= (times.at(-1) ?? 0)) this.clear();
    times.push(tick.atMs / 1000);
    scores.push(tick.score ?? null);
    for (const [g, group] of this.groups.entries()) lines[g]?.push(largestIn(group, tick.regions));
    const oldest = tick.atMs / 1000 - WINDOW_S;
    while ((times[0] ?? oldest) < oldest) for (const series of [times, scores, ...lines]) series.shift();
    this.marks = this.marks.filter(({ atS }) => atS >= oldest);
    this.drawSoon();
  }

  mark(atMs: number, raised: boolean): void {
    this.marks.push({ atS: atMs / 1000, raised });
    this.drawSoon();
  }

  close(): void {
    cancelAnimationFrame(this.due);
    for (const chart of this.charts) chart.destroy();
  }

  private clear(): void {
    for (const series of [this.times, this.scores, ...this.lines]) series.length = 0;
    this.marks = [];
  }

  private drawSoon(): void {
    if (this.due !== 0) return;
    this.due = requestAnimationFrame((now) => {
      this.due = 0;
      if (isCalm() && now - this.drawnMs < CALM_MS) return;
      this.drawnMs = now;
      const [score, region] = this.charts;
      score?.setData([this.times, this.scores]);
      region?.setData([this.times, ...this.lines]);
    });
  }

  private options(height: number, unit: string, least: number): Omit<uPlot.Options, "series"> {
    return {
      width: widthIn(this.element),
      height,
      legend: { show: false },
      cursor: { show: false },
      scales: {
        x: { time: true, range: (_, __, last) => [last - WINDOW_S, last] },
        y: { range: (_, __, most) => [0, Math.max(least, (most ?? 0) * 1.1)] },
      },
      axes: axesOf(unit, (splits) => splits.map((s) => timeOf(1000 * s))),
    };
  }

  private scoreChart(): uPlot {
    const { threshold } = this;
    const options = this.options(SCORE_HEIGHT, "score", Math.max(1, threshold * 1.3));
    return new uPlot(
      {
        ...options,
        series: [{}, { stroke: () => colour("signal"), width: 1.6, spanGaps: true, points: { show: false } }],
        hooks: { draw: [(chart) => drawLimit(chart, threshold), (chart) => this.drawMarks(chart)] },
      },
      [[], []],
      this.element,
    );
  }

  private regionChart(): uPlot {
    const series = groupSeries(this.groups);
    return new uPlot(
      { ...this.options(REGION_HEIGHT, "‰ eye dist.", 10), series: [{}, ...series] },
      [[], ...series.map(() => [])],
      this.element,
    );
  }

  private drawMarks(chart: uPlot): void {
    for (const { atS, raised } of this.marks) {
      const x = chart.valToPos(atS, "x", true);
      if (x >= chart.bbox.left) drawSign(chart, x, raised ? 2 : 0);
    }
  }
}

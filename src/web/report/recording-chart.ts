import uPlot from "uplot";
import type { FaceChart, ReportData, ReportedMovement } from "../../report/index.js";
import { groupsOf } from "../../spotting/groups.js";
import { axesOf, groupSeries, widthIn } from "../parts/chart.js";
import { colour } from "../parts/colours.js";
import { drawLimit, drawSign } from "../parts/signs.js";
import { momentOf } from "../words.js";
import { groupSeriesOf, scoreSeries } from "./curves.js";
import type { View } from "./view.js";

const SCORE_HEIGHT = 150;
const REGION_HEIGHT = 150;
/** Pixels that signs of one rank keep from one another; those in between appear when the view comes closer. */
const SIGN_GAP = 4;
/** Pixels beside a sign at which it is still meant. */
const REACH = 12;

interface RecordingChartOptions {
  readonly data: ReportData;
  readonly chart: FaceChart;
  /** Somebody has dragged over this stretch. */
  readonly onView: (view: View) => void;
  /** Somebody has clicked on a movement. */
  readonly onMovement: (id: string) => void;
}

/** One face over a whole recording: the spotter's score with the movements above, the groups of regions below. */
export class RecordingChart {
  readonly charts: readonly uPlot[];
  private readonly movements: readonly ReportedMovement[];
  private view: View;

  constructor(
    private readonly element: HTMLElement,
    private readonly options: RecordingChartOptions,
  ) {
    const { data, chart } = options;
    this.view = { fromMs: 0, toMs: data.durationMs };
    this.movements = data.movements.filter(({ movement }) => movement.face === chart.face);
    this.charts = [this.scoreChart(), this.regionChart()];
  }

  show(view: View): void {
    this.view = view;
    for (const chart of this.charts) chart.setScale("x", { min: view.fromMs / 1000, max: view.toMs / 1000 });
  }

  close(): void {
    for (const chart of this.charts) chart.destroy();
  }

  private base(height: number, label: string): Omit<uPlot.Options, "series" | "axes"> & { axes: uPlot.Axis[] } {
    return {
      width: widthIn(this.element),
      height,
      legend: { show: false },
      cursor: { y: false, drag: { x: true, y: false, setScale: false }, points: { show: false } },
      scales: {
        x: { time: false, range: () => [this.view.fromMs / 1000, this.view.toMs / 1000] },
        y: { range: (_, __, most) => [0, Math.max(1, (most ?? 0) * 1.25)] },
      },
      axes: axesOf(label, (splits) => splits.map((s) => momentOf(1000 * s))),
      hooks: { setSelect: [(chart) => this.selected(chart)] },
    };
  }

  private scoreChart(): uPlot {
    const { data, chart } = this.options;
    const base = this.base(SCORE_HEIGHT, "score");
    const line = { stroke: () => colour("signal"), width: 1.4, points: { show: false } };
    const draw = [
      (drawn: uPlot) => drawLimit(drawn, data.threshold),
      (drawn: uPlot) => this.drawTruth(drawn),
      (drawn: uPlot) => this.drawMovements(drawn),
    ];
    const made = new uPlot(
      {
        ...base,
        series: [{}, line, line],
        bands: [{ series: [1, 2], fill: () => colour("band") }],
        hooks: { ...base.hooks, draw },
      },
      scoreSeries(chart) as uPlot.AlignedData,
      this.element,
    );
    made.over.addEventListener("click", (event) => this.clicked(made, event.offsetX));
    return made;
  }

  private regionChart(): uPlot {
    const groups = groupsOf(this.options.data.regions);
    return new uPlot(
      { ...this.base(REGION_HEIGHT, "‰ eye dist."), series: [{}, ...groupSeries(groups)] },
      groupSeriesOf(this.options.chart, groups) as uPlot.AlignedData,
      this.element,
    );
  }

  private selected(chart: uPlot): void {
    const { left, width } = chart.select;
    if (width < 3) return;
    const ms = (at: number) => 1000 * chart.posToVal(at, "x");
    chart.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
    this.options.onView({ fromMs: ms(left), toMs: ms(left + width) });
  }

  private clicked(chart: uPlot, left: number): void {
    const far = ({ movement }: ReportedMovement) => Math.abs(chart.valToPos(movement.apexMs / 1000, "x") - left);
    // Where several are in reach, an event is meant sooner than what was withheld.
    const [nearest] = this.movements
      .filter((movement) => far(movement) <= REACH)
      .sort((a, b) => b.rank - a.rank || far(a) - far(b));
    if (nearest !== undefined) this.options.onMovement(nearest.id);
  }

  /** What a simulated face did, as bars at the foot of the chart. */
  private drawTruth({ ctx, bbox, valToPos }: uPlot): void {
    const { truth } = this.options.data;
    if (truth === null) return;
    const height = 7 * devicePixelRatio;
    ctx.save();
    ctx.fillStyle = colour("good");
    for (const { onsetMs, offsetMs, kind } of truth.acts) {
      const [from, to] = [onsetMs, offsetMs].map((ms) => valToPos(ms / 1000, "x", true)) as [number, number];
      const [left, right] = [Math.max(from, bbox.left), Math.min(to, bbox.left + bbox.width)];
      if (right <= left) continue;
      ctx.globalAlpha = kind === "micro_expression" ? 1 : 0.35;
      ctx.fillRect(left, bbox.top + bbox.height - height, Math.max(1, right - left), height);
    }
    ctx.restore();
  }

  private drawMovements(chart: uPlot): void {
    const { bbox } = chart;
    const gap = SIGN_GAP * devicePixelRatio;
    for (const rank of [0, 1, 2] as const) {
      let last = -Infinity;
      for (const movement of this.movements) {
        if (movement.rank !== rank) continue;
        const x = chart.valToPos(movement.movement.apexMs / 1000, "x", true);
        if (x < bbox.left || x > bbox.left + bbox.width || x - last < gap) continue;
        last = x;
        drawSign(chart, x, rank);
      }
    }
  }
}

import type uPlot from "uplot";
import type { Group } from "../../spotting/groups.js";
import { colour } from "./colours.js";

/** The axes of a chart: time below, a labelled quantity on the left. */
export function axesOf(label: string, timeLabels: (splits: readonly number[]) => string[]): uPlot.Axis[] {
  const axis = { stroke: () => colour("soft"), grid: { stroke: () => colour("grid") }, ticks: { show: false } };
  return [
    { ...axis, size: 24, values: (_, splits) => timeLabels(splits) },
    { ...axis, size: 48, label, labelSize: 16 },
  ];
}

/** A line for each group of regions, in its colour. */
export const groupSeries = (groups: readonly Group[]): uPlot.Series[] =>
  groups.map(({ name }) => ({ label: name, stroke: () => colour(name), width: 1.5, points: { show: false } }));

/** How wide a chart is in its place, pixels. */
export const widthIn = ({ clientWidth }: HTMLElement): number => Math.max(240, clientWidth);

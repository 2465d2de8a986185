/**
 * @import { Curve, CurveSet } from "../chart-data.js"
 * @import { View } from "./view.js"
 */

/**
 * What a curve does within one pixel: its smallest and largest value, and whether it goes on from the pixel before.
 * @typedef {{ atMs: number, low: number, high: number, joined: boolean, index: number }} Column
 */

/** A face that was not seen for this long has no curve in between. */
const GAP_MS = 400;

/**
 * Index of the first bucket that ends after a moment.
 * @param {CurveSet} set
 * @param {number} timeMs
 */
export function indexAt({ startsMs, widthMs }, timeMs) {
  let low = 0;
  let high = startsMs.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (Number(startsMs[middle]) + widthMs <= timeMs) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * A curve within a view, no finer than pixels; a bucket beyond either edge goes along, so that the line leaves the
 * picture instead of ending in it.
 * @param {CurveSet} set
 * @param {Curve} curve
 * @param {View} view
 * @param {number} pixels
 * @returns {Column[]}
 */
export function columnsOf(set, { low, high = low }, { fromMs, toMs }, pixels) {
  const { startsMs, widthMs, unit } = set;
  const msPerPixel = (toMs - fromMs) / pixels;
  /** @type {Column[]} */
  const columns = [];
  let pixel = Number.NaN;
  let lastMs = Number.NEGATIVE_INFINITY;
  for (let i = Math.max(0, indexAt(set, fromMs) - 1); i < startsMs.length; i++) {
    const atMs = Number(startsMs[i]) + widthMs / 2;
    const [least, most] = [Number(low[i]) * unit, Number(high[i]) * unit];
    const here = Math.floor((atMs - fromMs) / msPerPixel);
    const column = columns.at(-1);
    if (column !== undefined && here === pixel) {
      if (most > column.high) column.index = i;
      column.low = Math.min(column.low, least);
      column.high = Math.max(column.high, most);
    } else {
      const joined = atMs - lastMs <= Math.max(GAP_MS, 2 * widthMs);
      columns.push({ atMs, low: least, high: most, joined, index: i });
    }
    pixel = here;
    lastMs = atMs;
    if (atMs > toMs) break;
  }
  return columns;
}

/**
 * The middle of what columns show: about this a trace that drifts is drawn.
 * @param {readonly Column[]} columns
 */
export function middleOf(columns) {
  const middles = columns.map(({ low, high }) => (low + high) / 2).sort((a, b) => a - b);
  return middles[middles.length >> 1] ?? 0;
}

/**
 * The columns as data of an SVG path.
 * @param {readonly Column[]} columns
 * @param {(timeMs: number) => number} x
 * @param {(value: number) => number} y
 */
export function pathOf(columns, x, y) {
  return columns
    .map(({ atMs, low, high, joined }) => {
      const at = x(atMs).toFixed(1);
      const rest = high === low ? "" : `V${y(low).toFixed(1)}`;
      return `${joined ? "L" : "M"}${at} ${y(high).toFixed(1)}${rest}`;
    })
    .join("");
}

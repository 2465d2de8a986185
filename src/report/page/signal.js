/**
 * @import { FaceChart } from "../chart-data.js"
 * @import { Column } from "./curve.js"
 * @import { View } from "./view.js"
 */
import { columnsOf, indexAt, pathOf } from "./curve.js";
import { set, svg } from "./dom.js";
import { scoreHeight, scoreTicks } from "./scale.js";

/** Below this share of the threshold the strongest group is chance. */
const NAMED_FROM = 0.5;
const STRIP_HEIGHT = 6;

/**
 * The motion signal of a face, its threshold, and below it a strip that names the strongest group by its colour.
 * @param {FaceChart} face
 * @param {number} threshold
 */
export function createSignal({ score }, threshold) {
  const { curve, groups, tags, unit } = score;
  const highest = Math.max(threshold * 1.5, ...(curve.high ?? curve.low).map((value) => value * unit));
  const line = svg("path", { class: "score" });
  const limit = svg("line", { class: "threshold" });
  const limitName = svg("text", { class: "threshold-name", "text-anchor": "end" }, [`threshold ${threshold}`]);
  const strips = groups.map((name) => svg("path", { class: `strip group-${name}`, "stroke-width": STRIP_HEIGHT }));
  const grid = scoreTicks(highest).map((value) => ({
    value,
    line: svg("line", { class: "grid" }),
    name: svg("text", { class: "axis", "text-anchor": "end" }, [String(value)]),
  }));
  const nodes = {
    grid: svg(
      "g",
      {},
      grid.flatMap((tick) => [tick.line, tick.name]),
    ),
    curves: svg("g", {}, [...strips, line]),
    limit: svg("g", {}, [limit, limitName]),
  };

  /**
   * @param {View} view
   * @param {(timeMs: number) => number} x
   * @param {{ leftX: number, rightX: number, topY: number, height: number, pixels: number }} place
   */
  function draw(view, x, { leftX, rightX, topY, height, pixels }) {
    const bottomY = topY + height;
    const y = (/** @type {number} */ value) => bottomY - scoreHeight(value, highest) * height;
    const columns = columnsOf(score, curve, view, pixels);
    set(line, { d: pathOf(columns, x, y) });
    set(limit, { x1: leftX, x2: rightX, y1: y(threshold), y2: y(threshold) });
    set(limitName, { x: rightX - 4, y: y(threshold) - 4 });
    for (const tick of grid) {
      set(tick.line, { x1: leftX, x2: rightX, y1: y(tick.value), y2: y(tick.value) });
      set(tick.name, { x: leftX - 6, y: y(tick.value) + 4 });
    }
    drawStrips(columns, x, bottomY + STRIP_HEIGHT / 2 + 3);
  }

  /**
   * @param {readonly Column[]} columns
   * @param {(timeMs: number) => number} x
   * @param {number} y
   */
  function drawStrips(columns, x, y) {
    const data = groups.map(() => "");
    for (const [i, { atMs, high, index }] of columns.entries()) {
      if (high < NAMED_FROM * threshold) continue;
      const next = columns[i + 1];
      const endMs = next?.joined ? next.atMs : atMs + score.widthMs;
      data[Number(tags[index])] += `M${x(atMs).toFixed(1)} ${y}H${x(endMs).toFixed(1)}`;
    }
    for (const [i, strip] of strips.entries()) set(strip, { d: data[i] ?? "" });
  }

  /**
   * The highest score near a moment and the group it is of, in words.
   * @param {number} timeMs
   */
  function said(timeMs) {
    const i = Math.min(indexAt(score, timeMs), score.startsMs.length - 1);
    if (i < 0) return "";
    const value = Number((curve.high ?? curve.low)[i]) * unit;
    return `score ${value.toFixed(1)}, ${groups[Number(tags[i])] ?? ""} strongest`;
  }
  return { ...nodes, draw, said };
}

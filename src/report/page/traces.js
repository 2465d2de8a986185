/**
 * @import { Curve, FaceChart } from "../chart-data.js"
 * @import { View } from "./view.js"
 */
import { columnsOf, middleOf, pathOf } from "./curve.js";
import { element, set, svg, words } from "./dom.js";

/** A scale for traces that hardly move: thousandths of the eye distance. */
const LEAST_SCALE = 5;

/**
 * The displacement of the regions, each shown or hidden by a button of its own.
 * @param {FaceChart} face
 * @param {() => void} onChange
 */
export function createTraces({ traces }, onChange) {
  const node = svg("g", { class: "traces" });
  const curves = traces.regions.map((region) => {
    const kind = `trace group-${region.group}`;
    const [x, y] = [svg("path", { class: `${kind} x` }), svg("path", { class: `${kind} y` })];
    const button = element("button", { type: "button", class: `group-${region.group}`, "aria-pressed": "false" }, [
      words(region.name),
    ]);
    const curve = { region, x, y, button, shown: false };
    button.addEventListener("click", () => show([region.name], !curve.shown));
    for (const [type, isOn] of /** @type {const} */ ([
      ["pointerenter", true],
      ["pointerleave", false],
    ])) {
      button.addEventListener(type, () => {
        for (const path of [x, y]) path.classList.toggle("strong", isOn);
      });
    }
    node.append(x, y);
    return curve;
  });

  /**
   * @param {readonly string[] | undefined} names all where undefined
   * @param {boolean} isShown
   */
  function show(names, isShown) {
    for (const curve of curves) {
      if (names !== undefined && !names.includes(curve.region.name)) continue;
      curve.shown = isShown;
      curve.button.setAttribute("aria-pressed", String(isShown));
      for (const path of [curve.x, curve.y]) path.style.display = isShown ? "" : "none";
    }
    onChange();
  }

  /**
   * Shows these alone.
   * @param {readonly string[]} names
   */
  function showOnly(names) {
    show(undefined, false);
    show(names, true);
  }

  /**
   * @param {View} view
   * @param {(timeMs: number) => number} x
   * @param {{ topY: number, height: number, pixels: number }} place
   * @returns {number} displacement at the top edge, thousandths of the eye distance
   */
  function draw(view, x, { topY, height, pixels }) {
    const seen = curves
      .filter(({ shown }) => shown)
      .flatMap(({ region, x, y }) => [placed(x, region.x), placed(y, region.y)]);
    /**
     * @param {SVGPathElement} path
     * @param {Curve} curve
     */
    function placed(path, curve) {
      const columns = columnsOf(traces, curve, view, pixels);
      const middle = middleOf(columns);
      const reach = columns.reduce((most, { low, high }) => Math.max(most, high - middle, middle - low), 0);
      return { path, columns, middle, reach };
    }
    const scale = Math.max(LEAST_SCALE, ...seen.map(({ reach }) => reach));
    const centre = topY + height / 2;
    for (const { path, columns, middle } of seen) {
      const y = (/** @type {number} */ value) => centre + ((value - middle) / scale) * (height / 2);
      set(path, { d: pathOf(columns, x, y) });
      // Dashes of a curve that fills its columns show nothing, and take seconds to draw.
      path.classList.toggle(
        "dense",
        columns.some(({ low, high }) => low !== high),
      );
    }
    return scale;
  }

  const buttons = curves.map(({ button }) => button);
  return {
    node,
    buttons,
    draw,
    showOnly,
    showAll: () => show(undefined, true),
    hasShown: () => curves.some((c) => c.shown),
  };
}

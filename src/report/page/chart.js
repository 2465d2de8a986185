/**
 * @import { ChartData, FaceChart, Mark } from "../chart-data.js"
 * @import { Gestured } from "./gestures.js"
 * @import { View } from "./view.js"
 */
import { detailsOf } from "./details.js";
import { element, seconds, set, svg } from "./dom.js";
import { listenTo } from "./gestures.js";
import { createMarks } from "./marks.js";
import { createSignal } from "./signal.js";
import { createTraces } from "./traces.js";
import { createTruth, TRUTH_HEIGHT } from "./truth.js";
import { ticksOf } from "./view.js";

/** Pixels. */
const LEFT = 58;
const RIGHT = 14;
const SIGN_Y = 13;
const SCORE_TOP = 38;
const SCORE_HEIGHT = 170;
const STRIP = 16;
const TRACES_HEIGHT = 180;
const AXIS_HEIGHT = 26;
const PER_TICK = 90;
const LEAST_WIDTH = 320;

/**
 * What a chart asks of the page beside what gestures ask.
 * @typedef {Gestured & {
 *   select(mark: Mark): void,
 *   lookAt(mark: Mark): void,
 *   goTo(mark: Mark): void,
 *   say(text: string): void,
 * }} Page
 */

/**
 * Builds the chart of one face into its place.
 * @param {HTMLElement} host
 * @param {FaceChart} face
 * @param {ChartData} data
 * @param {Page} page
 */
export function createChart(host, face, data, page) {
  const own = data.marks.filter((mark) => mark.face === face.face);
  const marks = createMarks(own);
  const signal = createSignal(face, data.threshold);
  const truth = createTruth(data.truth);
  const traces = createTraces(face, () => redraw());
  const hairline = svg("line", { class: "hairline" });
  const ticks = svg("g", {});
  const zero = svg("line", { class: "grid" });
  const names = {
    truth: svg("text", { class: "axis truth-name", "text-anchor": "end" }, ["truth"]),
    score: svg("text", { class: "axis name" }, ["score over noise"]),
    traces: svg("text", { class: "axis name" }),
  };
  const clip = `plot-${face.face}`;
  const area = svg("rect", {});
  const plot = svg("g", { "clip-path": `url(#${clip})` }, [
    signal.curves,
    truth.node,
    marks.node,
    traces.node,
    hairline,
  ]);
  const picture = svg(
    "svg",
    {
      class: "picture",
      tabindex: 0,
      role: "group",
      "aria-label": `Timeline of face ${face.face}: arrow keys move it, plus and minus zoom, Tab goes on to the movements`,
    },
    [svg("clipPath", { id: clip }, [area]), ticks, signal.grid, zero, plot, signal.limit, ...Object.values(names)],
  );
  const details = element("div", { class: "details", "aria-live": "polite" }, [
    "Point at a movement’s sign, or reach it with Tab and the arrow keys, to see what became of it.",
  ]);
  const chooser = element("div", { class: "chooser", role: "group", "aria-label": "Traces of the regions" }, [
    element("span", {}, ["Displacement:"]),
    ...traces.buttons,
    action("all", () => traces.showAll()),
    action("none", () => traces.showOnly([])),
    action("those of the chosen movement", () => traces.showOnly(chosen?.regions ?? [])),
  ]);
  host.append(picture, chooser, details);

  /** @type {View} */
  let view = { fromMs: 0, toMs: 1 };
  /** @type {Mark | undefined} */
  let chosen;
  let width = 0;

  const plotWidth = () => width - LEFT - RIGHT;
  const x = (/** @type {number} */ timeMs) => LEFT + ((timeMs - view.fromMs) / (view.toMs - view.fromMs)) * plotWidth();
  const timeAt = (/** @type {number} */ clientX) => {
    const share = (clientX - picture.getBoundingClientRect().left - LEFT) / plotWidth();
    return view.fromMs + Math.min(1, Math.max(0, share)) * (view.toMs - view.fromMs);
  };

  function redraw() {
    // Asked once: after every change of the picture it would cost a layout.
    width = Math.max(LEAST_WIDTH, host.clientWidth);
    const truthHeight = data.truth.length > 0 ? TRUTH_HEIGHT : 0;
    const scoreTop = SCORE_TOP + truthHeight;
    const tracesTop = scoreTop + SCORE_HEIGHT + STRIP;
    const bottom = traces.hasShown() ? tracesTop + TRACES_HEIGHT : tracesTop;
    const height = bottom + AXIS_HEIGHT;
    const [leftX, rightX, pixels] = [LEFT, width - RIGHT, Math.round(plotWidth())];
    set(picture, { width, height, viewBox: `0 0 ${width} ${height}` });
    set(area, { x: leftX - 1, y: 0, width: pixels + 2, height });
    signal.draw(view, x, { leftX, rightX, topY: scoreTop, height: SCORE_HEIGHT, pixels });
    truth.draw(x, SCORE_TOP - 10);
    set(names.truth, { x: leftX - 6, y: SCORE_TOP - 1, display: truthHeight > 0 ? "inline" : "none" });
    set(names.score, { x: leftX + 6, y: scoreTop + 12 });
    const isSeen = (/** @type {Mark} */ mark) => mark.offsetMs >= view.fromMs && mark.onsetMs <= view.toMs;
    marks.draw(chosen, isSeen, x, { signY: SIGN_Y, topY: scoreTop, bottomY: bottom });
    drawTraces(tracesTop, rightX, pixels);
    drawTicks(scoreTop, bottom);
    set(hairline, { y1: scoreTop, y2: bottom });
  }

  /**
   * @param {number} topY
   * @param {number} rightX
   * @param {number} pixels
   */
  function drawTraces(topY, rightX, pixels) {
    const isShown = traces.hasShown();
    for (const node of [zero, names.traces]) node.style.display = isShown ? "" : "none";
    if (!isShown) return;
    const place = { topY: topY + 6, height: TRACES_HEIGHT - 12, pixels };
    const scale = traces.draw(view, x, place);
    const middle = topY + TRACES_HEIGHT / 2;
    set(zero, { x1: LEFT, x2: rightX, y1: middle, y2: middle });
    set(names.traces, { x: LEFT + 6, y: topY + 14 });
    names.traces.textContent = `displacement, ±${scale.toFixed(0)} ‰ of the eye distance, downwards: — down, ┄ right`;
  }

  /**
   * @param {number} topY
   * @param {number} bottomY
   */
  function drawTicks(topY, bottomY) {
    const { stepMs, timesMs } = ticksOf(view, plotWidth() / PER_TICK);
    const digits = Math.max(0, 3 - Math.floor(Math.log10(stepMs)));
    ticks.replaceChildren(
      ...timesMs.flatMap((timeMs) => [
        svg("line", { class: "grid", x1: x(timeMs), x2: x(timeMs), y1: topY, y2: bottomY + 4 }),
        svg("text", { class: "axis", "text-anchor": "middle", x: x(timeMs), y: bottomY + 18 }, [
          seconds(timeMs, digits),
        ]),
      ]),
    );
  }

  /** @param {Mark | undefined} mark */
  function choose(mark) {
    chosen = mark;
    for (const { mark: each, node } of marks.signs) {
      node.classList.toggle("is-chosen", each === mark);
      node.setAttribute("tabindex", each === (mark ?? own[0]) ? "0" : "-1");
    }
    if (mark !== undefined) details.replaceChildren(...detailsOf(mark.row));
  }

  for (const [i, { mark, node }] of marks.signs.entries()) {
    node.addEventListener("pointerenter", () => page.select(mark));
    node.addEventListener("focus", () => page.select(mark));
    node.addEventListener("click", () => page.lookAt(mark));
    node.addEventListener("keydown", (event) => {
      const neighbour = { ArrowLeft: own[i - 1], ArrowRight: own[i + 1] }[event.key];
      if (neighbour) page.goTo(neighbour);
      else if (event.key === "Enter" || event.key === " ") page.lookAt(mark);
      else return;
      event.preventDefault();
      event.stopPropagation();
    });
  }
  listenTo(picture, page, { plotWidth, timeAt });
  picture.addEventListener("pointermove", ({ clientX }) => {
    const timeMs = timeAt(clientX);
    set(hairline, { x1: x(timeMs), x2: x(timeMs), visibility: "visible" });
    page.say(`face ${face.face}, ${seconds(timeMs)}: ${signal.said(timeMs)}`);
  });
  picture.addEventListener("pointerleave", () => {
    set(hairline, { visibility: "hidden" });
    page.say("");
  });
  choose(undefined);
  const best = [...own].sort((a, b) => b.rank - a.rank || b.score - a.score)[0];
  traces.showOnly(best?.regions.slice(0, 3) ?? []);

  return {
    face: face.face,
    host,
    choose,
    /** @param {View} next */
    show(next) {
      view = next;
      redraw();
    },
    /** @param {Mark} mark */
    focus(mark) {
      marks.signs.find((sign) => sign.mark === mark)?.node.focus();
    },
  };
}

/**
 * @param {string} name
 * @param {() => void} act
 */
function action(name, act) {
  const button = element("button", { type: "button", class: "action" }, [name]);
  button.addEventListener("click", act);
  return button;
}

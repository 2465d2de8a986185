/** @import { Mark } from "../chart-data.js" */
import { seconds, set, svg, words } from "./dom.js";

/** Glyphs by who decided: the spotter, the recogniser, or nobody against it. Shapes differ, not colours alone. */
const GLYPHS = ["M0 -3.5A3.5 3.5 0 1 1 -.01 -3.5Z", "M0 -6L6 0L0 6L-6 0Z", "M0 7L-7 -6L7 -6Z"];
/** Pixels that signs of one rank keep from one another; those in between appear when the view comes closer. */
const SIGN_GAP = 4;
/** Narrower than this, onset and offset would only darken the shade. */
const ENDS_FROM = 6;

/**
 * The movements of one face on the chart: shades from onset to offset, lines at onset, apex and offset, and a sign
 * for each to point at. What is alike is one path, so that thousands can be drawn at once.
 * @param {readonly Mark[]} marks in order of time
 */
export function createMarks(marks) {
  const ranks = GLYPHS.map((_, rank) => ({
    shade: svg("path", { class: `shade rank-${rank}` }),
    apex: svg("path", { class: `apex rank-${rank}` }),
    ends: svg("path", { class: `ends rank-${rank}` }),
    signs: svg("g", { class: `rank-${rank}` }),
  }));
  const signs = marks.map((mark) => createSign(mark));
  for (const { mark, node } of signs) ranks[mark.rank]?.signs.append(node);
  const chosen = createChosen();
  const node = svg("g", {}, [
    ...ranks.flatMap(({ shade, apex, ends }) => [shade, apex, ends]),
    chosen.node,
    ...ranks.map((rank) => rank.signs),
  ]);

  /**
   * @param {Mark | undefined} mark the one that is chosen
   * @param {(mark: Mark) => boolean} isSeen
   * @param {(timeMs: number) => number} x
   * @param {{ signY: number, topY: number, bottomY: number }} place
   */
  function draw(mark, isSeen, x, { signY, topY, bottomY }) {
    for (const [rank, { shade, apex, ends }] of ranks.entries()) {
      const data = { apex: "", ends: "" };
      /** @type {[from: number, to: number][]} */
      const spans = [];
      let [lastX, lastSignX] = [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY];
      for (const sign of signs) {
        if (sign.mark.rank !== rank) continue;
        const isShown = isSeen(sign.mark);
        const peak = x(sign.mark.apexMs);
        const hasSign = isShown && (sign.mark === mark || peak - lastSignX >= SIGN_GAP);
        sign.node.style.display = hasSign ? "" : "none";
        if (hasSign) {
          set(sign.node, { transform: `translate(${peak.toFixed(1)} ${signY})` });
          lastSignX = peak;
        }
        if (!isShown) continue;
        const [from, to] = [x(sign.mark.onsetMs), x(sign.mark.offsetMs)];
        spans.push([from, to]);
        if (peak - lastX < 1) continue;
        lastX = peak;
        data.apex += `M${peak.toFixed(1)} ${topY}V${bottomY}`;
        if (to - from < ENDS_FROM) continue;
        data.ends += `M${from.toFixed(1)} ${topY}V${bottomY}M${to.toFixed(1)} ${topY}V${bottomY}`;
      }
      const boxes = joined(spans).map(
        ([from, to]) => `M${from.toFixed(1)} ${topY}H${to.toFixed(1)}V${bottomY}H${from.toFixed(1)}Z`,
      );
      set(shade, { d: boxes.join("") });
      set(apex, { d: data.apex });
      set(ends, { d: data.ends });
    }
    chosen.draw(mark !== undefined && isSeen(mark) ? mark : undefined, x, topY, bottomY);
  }
  return { node, signs, draw };
}

/**
 * The spans as they look: what touches is one, and none is narrower than a pixel. Thousands apart take seconds to draw.
 * @param {readonly (readonly [from: number, to: number])[]} spans
 */
export function joined(spans) {
  /** @type {[from: number, to: number][]} */
  const runs = [];
  for (const [from, to] of [...spans].sort((a, b) => a[0] - b[0])) {
    const last = runs.at(-1);
    if (last && from <= last[1] + 1) last[1] = Math.max(last[1], to);
    else runs.push([from, Math.max(from + 1, to)]);
  }
  return runs;
}

/** @param {Mark} mark */
function createSign(mark) {
  const said = `${words(mark.verdict)} at ${seconds(mark.apexMs)}, score ${mark.score.toFixed(1)}`;
  const node = svg("g", { class: "sign", role: "button", tabindex: -1, "aria-label": said }, [
    svg("circle", { class: "target", r: 11 }),
    svg("path", { class: "glyph", d: GLYPHS[mark.rank] ?? "" }),
  ]);
  return { mark, node };
}

/** The chosen movement, with the names of its moments. */
function createChosen() {
  const shade = svg("rect", { class: "shade" });
  const moments = ["onset", "apex", "offset"].map((name, i) => ({
    line: svg("line"),
    name: svg("text", { "text-anchor": ["end", "middle", "start"][i] ?? "" }, [name]),
  }));
  const node = svg("g", {}, [shade, ...moments.flatMap(({ line, name }) => [line, name])]);

  /**
   * @param {Mark | undefined} mark
   * @param {(timeMs: number) => number} x
   * @param {number} topY
   * @param {number} bottomY
   */
  function draw(mark, x, topY, bottomY) {
    node.style.display = mark === undefined ? "none" : "";
    if (mark === undefined) return;
    set(node, { class: `chosen rank-${mark.rank}` });
    const [from, peak, to] = [x(mark.onsetMs), x(mark.apexMs), x(mark.offsetMs)];
    set(shade, { x: from, y: topY, width: Math.max(1, to - from), height: bottomY - topY });
    for (const [i, at] of [from, peak, to].entries()) {
      const moment = moments[i];
      if (moment === undefined) continue;
      set(moment.line, { x1: at, x2: at, y1: topY, y2: bottomY });
      set(moment.name, { x: at + (i - 1) * 4, y: i === 1 ? topY - 3 : topY + 11 });
    }
  }
  return { node, draw };
}

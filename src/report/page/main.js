/**
 * @import { ChartData, Mark } from "../chart-data.js"
 * @import { View } from "./view.js"
 */
import { createChart } from "./chart.js";
import { seconds } from "./dom.js";
import { around, panned, within, zoomed } from "./view.js";

const STEP = 0.2;
const ZOOM = 0.6;

/** @type {ChartData} */
const data = JSON.parse(document.getElementById("chart-data")?.textContent ?? "");
const { durationMs } = data;
const whole = within({ fromMs: 0, toMs: durationMs }, durationMs);
/** @type {View} */
let view = whole;
/** @type {Mark | undefined} */
let selected;
let isDue = false;

const charts = data.faces.flatMap((face) => {
  const host = document.querySelector(`[data-chart="${face.face}"]`);
  if (!(host instanceof HTMLElement)) return [];
  const say = (/** @type {string} */ text) => write("pointed", text);
  const zoom = (/** @type {number} */ factor, /** @type {number | undefined} */ atMs) =>
    show(zoomed(view, factor, durationMs, atMs));
  const pan = (/** @type {number} */ share) => show(panned(view, share, durationMs));
  return [createChart(host, face, data, { select, lookAt, goTo, say, zoom, pan, key })];
});

/** @param {View} next */
function show(next) {
  view = next;
  if (isDue) return;
  isDue = true;
  requestAnimationFrame(() => {
    isDue = false;
    draw();
  });
}

function draw() {
  for (const chart of charts) chart.show(view);
  write("shown", `${seconds(view.fromMs, 2)} – ${seconds(view.toMs, 2)} of ${seconds(durationMs, 2)}`);
}

/**
 * @param {string} id
 * @param {string} text
 */
function write(id, text) {
  const place = document.getElementById(id);
  if (place) place.textContent = text;
}

/** @param {Mark} mark */
function select(mark) {
  if (mark === selected) return;
  selected = mark;
  for (const chart of charts) chart.choose(chart.face === mark.face ? mark : undefined);
  show(view);
}

/**
 * Brings a movement into the middle, close enough to see its shape.
 * @param {Mark} mark
 */
function lookAt(mark) {
  const close = around(mark, durationMs);
  moveTo(mark, close.toMs - close.fromMs < view.toMs - view.fromMs ? close : centred(mark.apexMs));
}

/**
 * Brings a movement into the view if it is not there already.
 * @param {Mark} mark
 */
function goTo(mark) {
  const isSeen = mark.apexMs >= view.fromMs && mark.apexMs <= view.toMs;
  moveTo(mark, isSeen ? view : centred(mark.apexMs));
}

/**
 * @param {Mark} mark
 * @param {View} next
 */
function moveTo(mark, next) {
  select(mark);
  view = next;
  // At once, because what is hidden takes no focus.
  draw();
  charts.find(({ face }) => face === mark.face)?.focus(mark);
}

/** @param {number} atMs */
function centred(atMs) {
  const half = (view.toMs - view.fromMs) / 2;
  return within({ fromMs: atMs - half, toMs: atMs + half }, durationMs);
}

/** @type {Readonly<Record<string, () => View>>} */
const moves = {
  left: () => panned(view, -STEP, durationMs),
  right: () => panned(view, STEP, durationMs),
  closer: () => zoomed(view, ZOOM, durationMs),
  wider: () => zoomed(view, 1 / ZOOM, durationMs),
  start: () => panned(view, -1e9, durationMs),
  end: () => panned(view, 1e9, durationMs),
  whole: () => whole,
};

/** @type {Readonly<Record<string, string>>} */
const keys = {
  ArrowLeft: "left",
  ArrowRight: "right",
  "+": "closer",
  "=": "closer",
  "-": "wider",
  Home: "start",
  End: "end",
  0: "whole",
};

/** @param {KeyboardEvent} event */
function key(event) {
  const move = event.ctrlKey || event.metaKey || event.altKey ? undefined : moves[keys[event.key] ?? ""];
  if (move === undefined) return;
  event.preventDefault();
  show(move());
}

for (const button of document.querySelectorAll("button[data-move]")) {
  const move = moves[button.getAttribute("data-move") ?? ""];
  if (move) button.addEventListener("click", () => show(move()));
}
for (const link of document.querySelectorAll("a[data-row]")) {
  const mark = data.marks.find(({ row }) => String(row) === link.getAttribute("data-row"));
  if (mark === undefined) continue;
  link.addEventListener("click", (event) => {
    event.preventDefault();
    document.getElementById(`face-${mark.face}`)?.scrollIntoView();
    lookAt(mark);
  });
}
new ResizeObserver(draw).observe(document.body);
draw();

/**
 * What gestures ask of the page.
 * @typedef {{
 *   zoom(factor: number, atMs?: number): void,
 *   pan(share: number): void,
 *   key(event: KeyboardEvent): void,
 * }} Gestured
 */

/** Zoom of a pixel of the wheel. */
const WHEEL = 1.0015;

/**
 * Wheel, dragging and keys on a chart's picture.
 * @param {SVGSVGElement} picture
 * @param {Gestured} page
 * @param {{ plotWidth(): number, timeAt(clientX: number): number }} chart
 */
export function listenTo(picture, page, { plotWidth, timeAt }) {
  picture.addEventListener("keydown", (event) => page.key(event));
  picture.addEventListener(
    "wheel",
    (event) => {
      const isSideways = Math.abs(event.deltaX) > Math.abs(event.deltaY) || event.shiftKey;
      // Whoever scrolls past the chart scrolls the page.
      if (!isSideways && !event.ctrlKey && !picture.contains(document.activeElement)) return;
      event.preventDefault();
      if (isSideways) page.pan((event.deltaX || event.deltaY) / plotWidth());
      else page.zoom(WHEEL ** event.deltaY, timeAt(event.clientX));
    },
    { passive: false },
  );
  picture.addEventListener("pointerdown", (down) => {
    if (down.button !== 0 || (down.target instanceof Element && down.target.closest(".sign"))) return;
    let lastX = down.clientX;
    const move = (/** @type {PointerEvent} */ event) => {
      page.pan((lastX - event.clientX) / plotWidth());
      lastX = event.clientX;
    };
    const stop = () => {
      picture.removeEventListener("pointermove", move);
      picture.classList.remove("dragged");
    };
    picture.setPointerCapture(down.pointerId);
    picture.classList.add("dragged");
    picture.addEventListener("pointermove", move);
    picture.addEventListener("pointerup", stop, { once: true });
    picture.addEventListener("pointercancel", stop, { once: true });
  });
}

import type uPlot from "uplot";
import { widthIn } from "./chart.js";
import { onColours } from "./colours.js";

/** Charts, one below the other in one place. */
export interface Drawn {
  readonly charts: readonly uPlot[];
  close(): void;
}

/** Draws charts anew whenever the width of their place or the colours change. Returns how to stop, which closes them. */
export function keepDrawn(place: HTMLElement, drawn: Drawn): () => void {
  const fit = () => {
    for (const chart of drawn.charts) chart.setSize({ width: widthIn(place), height: chart.height });
  };
  const size = new ResizeObserver(fit);
  size.observe(place);
  const stopColours = onColours(fit);
  return () => {
    stopColours();
    size.disconnect();
    drawn.close();
  };
}

import type { Detection } from "../contract/index.js";
import { likely } from "../lib/likeliest.js";

const percent = (share: number): string => `${Math.round(100 * share)} %`;

/** What an event says, on one line for a person. */
export function captionOf(event: Detection): string {
  switch (event.report) {
    case "emotion":
    case "valence":
      return `${event.label} ${percent(event.confidence)}`;
    case "action_units":
      return unitsOf(event.actionUnits).join(" ") || "a movement";
    case "motion":
      return "a movement";
  }
}

/** The action units that are likelier than not, likeliest first. */
export function unitsOf(actionUnits: Readonly<Record<string, number>> = {}): string[] {
  return likely(actionUnits).map(([name]) => name);
}

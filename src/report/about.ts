import type { AnalysisSummary } from "../api/index.js";
import type { Act } from "../evaluation/index.js";
import type { Settings } from "./words.js";

/** What the page says of a video beside what was seen in it. */
export interface About {
  readonly summary: AnalysisSummary;
  readonly settings: Settings;
  /** Names of the motion graph's regions, in its order. */
  readonly regions: readonly string[];
  /** Whether pictures of the face were asked for. */
  readonly thumbnails: boolean;
  /** Of a simulated video, where it was asked for. */
  readonly truth?: { readonly file: string; readonly acts: readonly Act[] } | undefined;
}

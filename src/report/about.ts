import type { Act } from "../evaluation/index.js";
import type { Settings } from "./words.js";

/** What the page says of a video beside what was seen in it. */
export interface About {
  /** The file's name, without its folder. */
  readonly video: string;
  readonly settings: Settings;
  readonly model: { readonly name: string; readonly version: string; readonly sha256: string };
  readonly provider: string;
  /** Names of the motion graph's regions, in its order. */
  readonly regions: readonly string[];
  /** Why the analysis ended before the video did, for a person. */
  readonly cut?: string | undefined;
  /** Whether pictures of the face were asked for. */
  readonly thumbnails: boolean;
  /** Of a simulated video, where it was asked for. */
  readonly truth?: { readonly file: string; readonly acts: readonly Act[] } | undefined;
}

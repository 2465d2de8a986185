import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { FlinchError, reasonOf } from "../lib/errors.js";
import { readTruth, type Truth } from "./truth.js";

/** A simulated video with its truth. */
export interface Interview {
  readonly name: string;
  readonly video: string;
  readonly truth: Truth;
}

/**
 * Every folder below `dir` that holds a truth.json beside its video.mp4, and `dir` itself if it does; by name.
 * @throws FlinchError USAGE if there is none, SOURCE_UNREADABLE for a truth that cannot be read.
 */
export function interviewsIn(dir: string): Interview[] {
  let names: string[];
  try {
    names = ["", ...readdirSync(dir).sort()];
  } catch (thrown) {
    throw new FlinchError("USAGE", `${dir}: ${reasonOf(thrown)}`, { cause: thrown });
  }
  const found = names
    .filter((name) => existsSync(join(dir, name, "truth.json")) && existsSync(join(dir, name, "video.mp4")))
    .map((name) => ({
      name: name || dir,
      video: join(dir, name, "video.mp4"),
      truth: readTruth(join(dir, name, "truth.json")),
    }));
  if (found.length === 0) throw new FlinchError("USAGE", `${dir}: no folder in it holds video.mp4 and truth.json`);
  return found;
}

/** Videos of one frame rate are scored together; those with lost frames on their own. */
export const rateOf = ({ fps, wavering }: Truth): string => (wavering === true ? "wavering" : `${fps}`);

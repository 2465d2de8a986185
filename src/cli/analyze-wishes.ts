import { statSync } from "node:fs";
import type { CommandLine } from "../config/command-line.js";
import { FlinchError } from "../lib/errors.js";
import { redactAddress } from "../lib/redact.js";

/** In the place of a video's path. */
export const STANDARD_INPUT = "-";

/** What is written of one video alone, and what belongs to the results of many. */
const OF_ONE = ["report", "summary", "movements", "truth"];
const OF_MANY = ["jobs", "resume", "include", "exclude", "shard", "metadata", "to", "pages"];

/**
 * Refuses what does not go together, before anything is opened.
 * @throws FlinchError USAGE
 */
export function refuse(
  { switches, options }: Pick<CommandLine, "switches" | "options">,
  videos: readonly string[],
): void {
  const has = (name: string) => options.has(name) || switches.has(name);
  const usage = (what: string) => new FlinchError("USAGE", what);
  const stream = videos.find((video) => /^(?!file:)[a-z][a-z0-9+.-]*:\/\//i.test(video));
  if (stream !== undefined) {
    const how = "flinch run --source.kind=rtsp (or http) --source.uri=… watches a stream";
    throw usage(`${redactAddress(stream)} is a stream, and analyze reads files; ${how}`);
  }
  if (has("out")) {
    if (videos.includes(STANDARD_INPUT)) throw usage("standard input (-) has no name for --out DIR; analyse it alone");
    const single = OF_ONE.find(has);
    if (single !== undefined) throw usage(`--out DIR has a place for everything, and does not go with --${single}`);
    if (has("thumbnails") && !has("pages")) throw usage("--thumbnails belong to --pages, which is missing");
    return;
  }
  if (!has("report") && (has("thumbnails") || has("truth")))
    throw usage("--thumbnails and --truth belong to --report FILE.html, which is missing");
  const many = OF_MANY.find(has);
  if (many !== undefined) throw usage(`--${many} belongs to --out DIR, which is missing`);
  if (videos.length > 1) throw usage(`${videos.length} videos need --out DIR, a folder for their results`);
  const [video = ""] = videos;
  if (statSync(video, { throwIfNoEntry: false })?.isDirectory() === true)
    throw usage(`'${video}' is a folder: its recordings need --out DIR, a folder for their results`);
}

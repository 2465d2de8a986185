import { availableParallelism } from "node:os";
import { type BatchOptions, madeWith, runBatch, shardOf, tableOf } from "../batch/index.js";
import type { CommandLine } from "../config/command-line.js";
import type { Config } from "../config/index.js";
import { FlinchError } from "../lib/errors.js";
import type { Log } from "../lib/log.js";
import type { CommandContext } from "./command.js";
import { SOME_FAILED } from "./exit-status.js";
import { exportFormatsIn } from "./export-formats.js";

interface Everything extends Pick<CommandContext, "line" | "env" | "output" | "signal"> {
  readonly config: Config;
  readonly out: string;
  readonly log: Log;
}

/** `flinch analyze --out`: many recordings, each with a folder of results; ends with a table of what became of them. */
export async function analyzeAll({ config, line, env, out, output, signal, log }: Everything): Promise<number> {
  const { outcomes, left, unsearched } = await runBatch(
    line.positionals,
    optionsOf(line, env, config, out),
    log,
    signal,
    process.stderr,
  );
  for (const row of tableOf(outcomes)) output(row);
  const states = [...outcomes.values()].map(({ state }) => state);
  const fine = states.filter((state) => state === "analysed" || state === "kept").length;
  if (fine === states.length && left === 0 && unsearched === 0) return 0;
  return states.every((state) => state === "failed") ? 1 : SOME_FAILED;
}

function optionsOf(line: CommandLine, env: CommandContext["env"], config: Config, out: string): BatchOptions {
  const { options, switches } = line;
  const jobs = jobsOf(options.get("jobs"));
  const wishes = {
    signals: switches.has("signals"),
    formats: options.has("to") ? exportFormatsIn(options.get("to")) : [],
    page: switches.has("pages"),
    thumbnails: switches.has("thumbnails"),
  };
  const patterns = (name: string) => options.get(name)?.split(/,(?![^{]*\})/);
  const [include, exclude, shard, metadata] = [
    patterns("include"),
    patterns("exclude"),
    options.get("shard"),
    options.get("metadata"),
  ];
  // Processes that share the cores would only wait for each other with more threads than those.
  const threads = Math.max(1, Math.min(config.recognition.threads, Math.floor(availableParallelism() / jobs)));
  // A bar has its line to itself.
  const level = process.stderr.isTTY && config.log.level === "info" ? "error" : config.log.level;
  return {
    config: { ...config, log: { ...config.log, level }, recognition: { ...config.recognition, threads } },
    out,
    wishes,
    madeWith: madeWith(config, { ...wishes }),
    resume: switches.has("resume"),
    jobs,
    selection: { ...(include && { include }), ...(exclude && { exclude }) },
    ...(shard !== undefined && { shard: shardOf(shard, env) }),
    ...(metadata !== undefined && { metadata }),
  };
}

function jobsOf(text: string | undefined): number {
  if (text === undefined) return 1;
  const jobs = Number(text);
  if (Number.isInteger(jobs) && jobs >= 1 && jobs <= 256) return jobs;
  throw new FlinchError("USAGE", `--jobs '${text}': give a number of processes from 1 to 256`);
}

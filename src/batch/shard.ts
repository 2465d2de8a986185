import { FlinchError } from "../lib/errors.js";

/** One of several processes that share the work; index from 1. */
export interface Shard {
  readonly index: number;
  readonly count: number;
}

type Env = Readonly<Record<string, string | undefined>>;

const whole = (text: string | undefined): number | undefined =>
  text !== undefined && /^\d+$/.test(text) ? Number(text) : undefined;

/**
 * Reads `--shard`: I/N; `auto` as Slurm numbers a job array's tasks; `auto/N` also as Kubernetes numbers an indexed
 * Job's pods, of whose number it tells nothing.
 * @throws FlinchError USAGE
 */
export function shardOf(text: string, env: Env): Shard {
  const [first = "", second, ...rest] = text.split("/");
  const shard = first === "auto" ? fromEnvironment(env, whole(second)) : { index: whole(first), count: whole(second) };
  const { index, count } = shard;
  if (rest.length === 0 && index !== undefined && count !== undefined && index >= 1 && index <= count)
    return { index, count };
  const known = "give I/N with I from 1 to N, auto in a Slurm array, or auto/N in an indexed Job of N pods";
  throw new FlinchError("USAGE", `--shard '${text}'${first === "auto" ? " finds no task here" : ""}: ${known}`);
}

function fromEnvironment(
  env: Env,
  given: number | undefined,
): { index: number | undefined; count: number | undefined } {
  const pod = whole(env["JOB_COMPLETION_INDEX"]);
  if (pod !== undefined) return { index: pod + 1, count: given };
  const [task, first = 0, step = 1, count] = ["ID", "MIN", "STEP", "COUNT"].map((name) =>
    whole(env[`SLURM_ARRAY_TASK_${name}`]),
  );
  return { index: task === undefined ? undefined : Math.floor((task - first) / step) + 1, count: given ?? count };
}

/** Something that takes a while. */
interface Lasting {
  readonly name: string;
  readonly lengthMs: number;
}

/**
 * The part of some recordings that is this shard's: the longest first, each to the shard with the least to do so far
 * (Graham's rule), so that no shard has more than 4/3 of the shortest possible. The same recordings give the same
 * parts, in whatever order they come.
 */
export function shareOf<T extends Lasting>(recordings: readonly T[], { index, count }: Shard): T[] {
  const order = [...recordings].sort((a, b) => b.lengthMs - a.lengthMs || (a.name < b.name ? -1 : 1));
  const loads = new Array<number>(count).fill(0);
  const mine = new Set<T>();
  for (const recording of order) {
    const least = loads.indexOf(Math.min(...loads));
    loads[least] = (loads[least] ?? 0) + recording.lengthMs;
    if (least === index - 1) mine.add(recording);
  }
  return recordings.filter((recording) => mine.has(recording));
}

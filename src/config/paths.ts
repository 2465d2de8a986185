import { type AnyKey, isKey, type Tree } from "./key.js";
import { keys } from "./schema/index.js";

function* walk(tree: Tree, prefix: string): Generator<readonly [string, AnyKey]> {
  for (const [name, node] of Object.entries(tree)) {
    if (isKey(node)) yield [prefix + name, node];
    else yield* walk(node, `${prefix}${name}.`);
  }
}

/** Every key by its dotted path, in the order of the schema. */
export const keysByPath: ReadonlyMap<string, AnyKey> = new Map(walk(keys, ""));

/** The environment variable of a key: source.stallMs is FLINCH_SOURCE_STALL_MS. */
export function environmentName(path: string): string {
  return `FLINCH_${path
    .replaceAll(/([a-z0-9])([A-Z])/g, "$1_$2")
    .replaceAll(".", "_")
    .toUpperCase()}`;
}

/** Number of single-character edits between two words (Levenshtein 1966). */
export function editDistance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let i = 0; i < from.length; i++) {
    const next = [i + 1];
    for (let j = 0; j < to.length; j++) {
      const replaced = (row[j] ?? 0) + (from[i] === to[j] ? 0 : 1);
      next.push(Math.min(replaced, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
    }
    row = next;
  }
  return row[to.length] ?? 0;
}

/** The known word that somebody most likely meant, or undefined where none is close. */
export function nearest(written: string, known: Iterable<string>): string | undefined {
  const wanted = written.toLowerCase();
  let best: string | undefined;
  let bestDistance = Math.max(2, Math.floor(written.length / 3)) + 0.5;
  for (const candidate of known) {
    const whole = candidate.toLowerCase();
    // "fps" means "source.fps": the last part alone counts nearly as much as the whole path.
    const distance = Math.min(
      editDistance(wanted, whole),
      editDistance(wanted, whole.slice(whole.lastIndexOf(".") + 1)) + 0.25,
    );
    if (distance < bestDistance) [best, bestDistance] = [candidate, distance];
  }
  return best;
}

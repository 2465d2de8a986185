import { basename, extname, posix, resolve } from "node:path";
import type { RecordingFile } from "./recording-files.js";

/** A recording, and the folder of its results. */
export interface Named extends RecordingFile {
  /** Path within the folder of all results, "/" between its parts. */
  readonly name: string;
}

/**
 * Gives every recording a folder of its own: its place without the extension; with it where two would share one, or one
 * lie within another. What was found in several folders keeps their names, too.
 */
export function nameResults(files: readonly RecordingFile[]): Named[] {
  const roots = new Set(files.flatMap(({ root }) => (root === undefined ? [] : [resolve(root)])));
  const prefixed = files.map((file) => {
    const prefix = file.root !== undefined && roots.size > 1 ? basename(resolve(file.root)) : "";
    return { file, place: posix.join(prefix, file.place) };
  });
  const short = ({ place }: { place: string }) => place.slice(0, place.length - extname(place).length);
  // Some file systems do not tell cases apart.
  const key = (name: string) => name.toLowerCase();
  const counts = new Map<string, number>();
  for (const each of prefixed) counts.set(key(short(each)), (counts.get(key(short(each))) ?? 0) + 1);
  const folders = new Set(prefixed.flatMap(({ place }) => parentsOf(key(place))));
  const taken = new Set<string>();
  return prefixed.map((each) => {
    const wanted = short(each);
    const shared = (counts.get(key(wanted)) ?? 0) > 1 || folders.has(key(wanted));
    let name = shared ? each.place : wanted;
    for (let n = 2; taken.has(key(name)); n++) name = `${each.place}-${n}`;
    taken.add(key(name));
    return { ...each.file, name };
  });
}

/** "a/b/c.mp4" lies in "a" and "a/b". */
function parentsOf(place: string): string[] {
  const parts = place.split("/").slice(0, -1);
  return parts.map((_, i) => parts.slice(0, i + 1).join("/"));
}

import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { ResultFolder } from "./result-folder.js";

/** A folder of results, and its path from where the search began. */
export interface FoundResults {
  readonly folder: string;
  readonly place: string;
}

/** Folders of results below a folder, itself included; one may lie within another. Hidden ones are half-made. */
export async function* resultsBelow(root: string, place = ""): AsyncGenerator<FoundResults> {
  const folder = join(root, place);
  if (await ResultFolder.isDone(root, place)) yield { folder, place };
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const below = entries.filter((entry) => entry.isDirectory() && !entry.name.startsWith("."));
  for (const name of below.map((entry) => entry.name).sort()) yield* resultsBelow(root, join(place, name));
}

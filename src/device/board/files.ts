import { readdir, readFile } from "node:fs/promises";

/** What a file of sysfs or procfs holds, trimmed; null where it is missing, unreadable or its sensor is switched off. */
export async function textOf(path: string): Promise<string | null> {
  return readFile(path, "utf8").then(
    (text) => text.trim(),
    () => null,
  );
}

/** A whole number that a file holds; null where it holds none. */
export async function numberOf(path: string): Promise<number | null> {
  const text = await textOf(path);
  return text !== null && /^-?\d+$/.test(text) ? Number(text) : null;
}

/** The entries of a directory whose names begin so, with their paths, in the order of their numbers; none without it. */
export async function entriesOf(directory: string, prefix = ""): Promise<readonly string[]> {
  const names = await readdir(directory).catch(() => []);
  return names
    .filter((name) => name.startsWith(prefix))
    .sort((one, other) => one.localeCompare(other, "en", { numeric: true }))
    .map((name) => `${directory}/${name}`);
}

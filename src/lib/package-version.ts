import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

const require = createRequire(import.meta.url);

/** The version in a package.json. */
export function versionIn(file: URL | string): string {
  return (JSON.parse(readFileSync(file, "utf8")) as { version: string }).version;
}

/** The version of Flinch. */
export const flinchVersion = (): string => versionIn(new URL("../../package.json", import.meta.url));

/**
 * The folder of a package that Flinch is built on: below Flinch in a checkout, beside it where Flinch is a package of
 * somebody's project.
 */
export function packageFolder(name: string): string {
  // Not by resolving its package.json: a package may keep that to itself.
  const folders = (require.resolve.paths(name) ?? []).map((modules) => join(modules, name));
  const folder = folders.find((candidate) => existsSync(join(candidate, "package.json")));
  if (folder === undefined) throw new Error(`the package ${name} is not installed`);
  return folder;
}

/** The version of a package that Flinch is built on. */
export const packageVersion = (name: string): string => versionIn(join(packageFolder(name), "package.json"));

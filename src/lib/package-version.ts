import { readFileSync } from "node:fs";

const MODULES = new URL("../../node_modules/", import.meta.url);

/** The version in a package.json. */
export function versionIn(file: URL | string): string {
  return (JSON.parse(readFileSync(file, "utf8")) as { version: string }).version;
}

/** The version of Flinch. */
export const flinchVersion = (): string => versionIn(new URL("../../package.json", import.meta.url));

/** The version of a package that Flinch is built on. */
export const packageVersion = (name: string): string => versionIn(new URL(`${name}/package.json`, MODULES));

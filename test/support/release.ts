import { cp, mkdir, readdir, symlink } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";

/** What the daemon looks up beside `dist`. */
const PARTS = ["bench", "config", "demo", "docs", "models", "package.json"];
/** Copied: Node.js looks things up from where a file truly lies. */
const PROGRAMS = ["dist", "scripts"];

/** Every package of a folder, by its whole name. */
async function packagesOf(modules: string): Promise<string[]> {
  const names = await readdir(modules);
  const scoped = names.filter((name) => name.startsWith("@"));
  const inside = scoped.map(async (scope) => (await readdir(join(modules, scope))).map((name) => join(scope, name)));
  return [...names.filter((name) => !name.startsWith("@")), ...(await Promise.all(inside)).flat()];
}

/**
 * A folder like a release on a board: Flinch as it is built here, with other packages in place of some of npm's.
 * @param packages the packages' folders, by name
 * @returns its absolute path
 */
export async function releaseWith(folder: string, packages: Readonly<Record<string, string>>): Promise<string> {
  const modules = join(folder, "node_modules");
  await mkdir(modules, { recursive: true });
  for (const part of PROGRAMS) await cp(part, join(folder, part), { recursive: true });
  for (const part of PARTS) await symlink(resolve(part), join(folder, part));
  for (const name of await packagesOf("node_modules")) {
    const place = join(modules, name);
    await mkdir(dirname(place), { recursive: true });
    const other = packages[name];
    if (other === undefined) await symlink(resolve("node_modules", name), place);
    else await cp(other, place, { recursive: true });
  }
  return resolve(folder);
}

import { cp, mkdir, readdir, symlink } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";

/** What the daemon looks up beside `dist`. */
const PARTS = ["bench", "config", "demo", "docs", "models", "package.json"];

/**
 * A folder like a release on a board: Flinch as it is built here, with other packages in place of some of npm's.
 * @param packages the packages' folders, by name
 * @returns its absolute path
 */
export async function releaseWith(folder: string, packages: Readonly<Record<string, string>>): Promise<string> {
  const modules = join(folder, "node_modules");
  await mkdir(modules, { recursive: true });
  // Copied: Node.js looks packages up from where a file truly lies.
  await cp("dist", join(folder, "dist"), { recursive: true });
  for (const part of PARTS) await symlink(resolve(part), join(folder, part));
  for (const name of await readdir("node_modules")) {
    if (!(name in packages)) await symlink(resolve("node_modules", name), join(modules, name));
  }
  for (const [name, path] of Object.entries(packages)) {
    await mkdir(dirname(join(modules, name)), { recursive: true });
    await cp(path, join(modules, name), { recursive: true });
  }
  return resolve(folder);
}

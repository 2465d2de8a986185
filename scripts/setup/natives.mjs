/**
 * npm packages that carry built libraries for every system: what is of another one goes, which is most of their weight.
 *
 *   node scripts/setup/natives.mjs NODE_MODULES [PLATFORM ARCH]
 */
import { existsSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** Where these packages keep them (`*` is any folder), and the way from there to those of a system. */
const CARRIERS = [
  { name: "onnxruntime-node", home: "bin/*", way: (platform, arch) => [platform, arch] },
  { name: "@photostructure/sqlite", home: "prebuilds", way: (platform, arch) => [`${platform}-${arch}`] },
];

/** A package's homes of libraries; none where it is not there. */
function homesOf(modules, { name, home }) {
  const [folder, any] = home.split("/");
  const path = join(modules, name, folder);
  if (!existsSync(path)) return [];
  return any === undefined ? [path] : readdirSync(path).map((each) => join(path, each));
}

/** Leaves in place what is built for this system. */
export function dropOtherSystems(modules, platform = process.platform, arch = process.arch) {
  for (const carrier of CARRIERS) {
    for (const home of homesOf(modules, carrier)) {
      let folder = home;
      for (const kept of carrier.way(platform, arch)) {
        if (!existsSync(folder)) break;
        for (const each of readdirSync(folder)) if (each !== kept) rmSync(join(folder, each), { recursive: true });
        folder = join(folder, kept);
      }
    }
  }
}

/**
 * Removes packages whose libraries of this system are gone, because they were dropped on another: npm takes a package
 * that is there for whole, and brings one that is not.
 */
export function removeIncomplete(modules, platform = process.platform, arch = process.arch) {
  for (const carrier of CARRIERS) {
    const homes = homesOf(modules, carrier);
    const whole = homes.some((home) => existsSync(join(home, ...carrier.way(platform, arch))));
    if (homes.length > 0 && !whole) rmSync(join(modules, carrier.name), { recursive: true });
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) dropOtherSystems(...process.argv.slice(2));

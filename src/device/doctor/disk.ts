import { rm, statfs, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Check } from "../../lib/check.js";
import { makeFolder, whyDisk } from "../../lib/disk.js";

/** Less free space than this is worth a warning: events wait on the disk while the broker is away. */
const LOW_BYTES = 500_000_000;
const MB = 1_000_000;

/** Whether a directory, made where it is missing, can be written, and has room. */
export function writableCheck(name: string, directory: string): Check {
  return {
    name,
    run: async () => {
      const probe = join(directory, `.doctor-${process.pid}`);
      try {
        makeFolder(directory, 0o700);
        await writeFile(probe, "");
      } catch (error) {
        const advice = `let the user that runs flinch write to ${directory}`;
        return { status: "fail", detail: `${directory}: ${whyDisk(error)}`, advice };
      } finally {
        await rm(probe, { force: true }).catch(() => undefined);
      }
      const { bavail, bsize } = await statfs(directory);
      const free = bavail * bsize;
      const detail = `${directory} is writable, ${Math.round(free / MB)} MB free`;
      return free < LOW_BYTES ? { status: "warn", detail, advice: "free some space" } : { status: "ok", detail };
    },
  };
}

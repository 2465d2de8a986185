import { copyFileSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import type { Test } from "tap";
import { flinch } from "../../support/cli.js";
import { EVERY_CANDIDATE, shortVideo } from "../../support/demo.js";

/** Places of the recordings' results, in order. */
export const NAMES = ["day 1/a", "day 1/b", "day 2/a"];

/** A folder of three short recordings, in a directory of the test's own. */
export class SmallArchive {
  private constructor(readonly dir: string) {}

  static async make(t: Test): Promise<SmallArchive> {
    // Each analysis opens models; on a busy machine that takes its time.
    t.setTimeout(400_000);
    const archive = new SmallArchive(t.testdir());
    mkdirSync(join(archive.path, "day 1"), { recursive: true });
    mkdirSync(join(archive.path, "day 2"));
    await shortVideo(join(archive.path, "day 1/a.mp4"), 3);
    copyFileSync(join(archive.path, "day 1/a.mp4"), join(archive.path, "day 1/b.mp4"));
    await shortVideo(join(archive.path, "day 2/a.mkv"), 2);
    return archive;
  }

  get path(): string {
    return this.at("archive");
  }

  at(name: string): string {
    return join(this.dir, name);
  }

  analyse(out: string, ...args: string[]) {
    return flinch("analyze", this.path, "--out", out, ...EVERY_CANDIDATE, ...args);
  }
}

/** Every file below a folder, with its content. */
export function filesIn(root: string, folder = root): Map<string, string> {
  const found = new Map<string, string>();
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) for (const [name, content] of filesIn(root, path)) found.set(name, content);
    else found.set(relative(root, path), readFileSync(path, "latin1"));
  }
  return found;
}

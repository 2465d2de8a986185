import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmdirSync, rmSync, statfsSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Test } from "tap";

/** A real file system of a few hundred kilobytes in memory, that a test can fill. */
export class SmallDisk {
  private constructor(readonly directory: string) {}

  /** Mounts it until the test ends; undefined, with the test skipped, for who may not. */
  static mount(t: Test, kilobytes: number): SmallDisk | undefined {
    const disk = mkdtempSync(join(tmpdir(), "flinch-small-disk-"));
    const options = `size=${kilobytes}k,mode=0700`;
    const { status } = spawnSync("mount", ["-t", "tmpfs", "-o", options, "tmpfs", disk], { stdio: "ignore" });
    if (status !== 0) {
      rmdirSync(disk);
      t.plan(0, "only root may mount a small disk");
      return undefined;
    }
    t.teardown(() => {
      execFileSync("umount", ["-l", disk]);
      rmdirSync(disk);
    });
    return new SmallDisk(disk);
  }

  /** Takes all the room that is left. */
  fill(): void {
    const { bavail, bsize } = statfsSync(this.directory);
    writeFileSync(join(this.directory, "ballast"), Buffer.alloc(bavail * bsize));
  }

  /** Gives it back. */
  free(): void {
    rmSync(join(this.directory, "ballast"));
  }

  /** Makes every attempt to write fail, or succeed again. No file may be open for writing. */
  remount(mode: "ro" | "rw"): void {
    execFileSync("mount", ["-o", `remount,${mode}`, this.directory]);
  }
}

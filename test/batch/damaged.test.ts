import { cpSync, existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { Flinch, flinch } from "../support/cli.js";
import { EVERY_CANDIDATE } from "../support/demo.js";
import { until } from "../support/logs.js";
import { SmallDisk } from "../support/small-disk.js";
import { SmallArchive } from "./support/small-archive.js";

const archive = await SmallArchive.make(t);

t.test("a damaged recording, or one that kills its process, costs itself only", async (t) => {
  const [from, out] = [archive.at("damaged"), archive.at("of-damaged")];
  cpSync(archive.path, from, { recursive: true });
  writeFileSync(join(from, "noise.mp4"), "no video at all");
  const args = ["analyze", from, join(from, "missing.mp4"), "--out", out, "--exclude", "day 2/*", ...EVERY_CANDIDATE];
  const run = new Flinch(args);
  await until(() => existsSync(join(out, "day 1", ".a.partial")), 60_000);
  for (const worker of run.workers()) process.kill(worker, "SIGKILL");
  t.equal(await run.ended, 3, "some failed");
  const table = run.output.join("\n");
  t.match(table, /^noise .*failed: .*no video that OpenCV can decode$/m);
  t.match(table, /^missing .*failed: no file/m);
  t.match(table, /^day 1\/a .*failed: the process that analysed it ended by itself \(SIGKILL\)$/m);
  t.match(table, /^day 1\/b .*analysed$/m);
  t.match(run.output.at(-1), "4 recordings: 3 failed, 1 analysed");
  const none = await flinch("analyze", join(from, "noise.mp4"), "--out", out, ...EVERY_CANDIDATE);
  t.equal(none.status, 1, "all failed");
});

t.test("results on a full disk end the run, with a reason and nothing half-made", async (t) => {
  const disk = SmallDisk.mount(t, 64);
  if (disk === undefined) return;
  const run = await archive.analyse(disk.directory, "--signals");
  t.equal(run.status, 1);
  t.match(run.plain.join("\n"), /--out .* cannot be written: the disk is full.*\[REPORT_UNWRITABLE\]/);
  t.notOk(existsSync(join(disk.directory, "day 1/a")));
});

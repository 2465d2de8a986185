import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { makeFolder } from "../../src/lib/disk.js";
import { flinch } from "../support/cli.js";
import { SmallDisk } from "../support/small-disk.js";

const video = ["--source.kind=file", "--source.uri=demo/video.mp4", "--mqtt.url=mqtt://127.0.0.1:1"];
const elsewhere = (t: Tap) => [
  `--outbox.directory=${t.testdirName}/outbox`,
  `--state.directory=${t.testdirName}/state`,
];
type Tap = { readonly testdirName: string };

t.test("a disk that is read-only is named as such, with the key and what to do", async (t) => {
  const disk = SmallDisk.mount(t, 200);
  if (disk === undefined) return;
  t.testdir();
  mkdirSync(join(disk.directory, "there"));
  disk.remount("ro");
  t.teardown(() => disk.remount("rw"));
  for (const place of ["there", "missing", "missing/deeper"]) {
    const path = join(disk.directory, place);
    for (const key of ["outbox.directory", "state.directory"]) {
      const { status, plain } = await flinch("run", ...video, ...elsewhere(t), `--${key}=${path}`);
      const [line, ...more] = plain;
      t.same([status, more], [1, []]);
      t.match(line, `${key} ${path} cannot be used (the file system is read-only, EROFS); make it writable`);
    }
    for (const option of [`--out=${path}`, `--report=${join(path, "a.html")}`]) {
      const { status, plain } = await flinch("analyze", "demo/video.mp4", option);
      t.same([status, plain.length], [1, 1]);
      if (place === "there" || option.startsWith("--out")) t.match(plain[0], /the file system is read-only, EROFS/);
      t.match(plain[0], option.split("=")[0]);
    }
  }
});

t.test("a folder that cannot be made is an error, and no wait", async (t) => {
  const dir = t.testdir({ file: "" });
  t.throws(() => makeFolder("/proc/flinch/a/b"), { code: "ENOENT" });
  t.throws(() => makeFolder(join(dir, "file", "a")), { code: "ENOTDIR" });
  makeFolder(join(dir, "a/b/c"), 0o700);
  makeFolder(join(dir, "a/b/c"));
  writeFileSync(join(dir, "a/b/c/d"), "");
  t.throws(() => makeFolder(join(dir, "a/b/c/d")), { code: "EEXIST" });
});

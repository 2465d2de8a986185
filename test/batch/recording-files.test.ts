import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { findRecordings } from "../../src/batch/recording-files.js";
import { nameResults } from "../../src/batch/result-names.js";

/** A folder with these files; a path that ends in "/" is a folder. */
function tree(t: { testdir(): string }, paths: readonly string[]): string {
  const dir = t.testdir();
  for (const path of paths) {
    mkdirSync(join(dir, path, path.endsWith("/") ? "" : ".."), { recursive: true });
    if (!path.endsWith("/")) writeFileSync(join(dir, path), "");
  }
  return dir;
}

const ODD = '-rf "quoted" \' $(id)\n é 🙂.mp4';

t.test("a folder is searched with all that it holds, but for hidden files and what is no video", async (t) => {
  const dir = tree(t, ["b/2.MKV", "b/c/3.mov", "1.mp4", ".hidden.mp4", "b/._3.mov", ".trash/4.mp4", "notes.txt", ODD]);
  const { files, unreadable } = await findRecordings([dir]);
  t.same(
    files.map(({ place }) => place),
    [ODD, "1.mp4", "b/2.MKV", "b/c/3.mov"],
  );
  t.same(unreadable, []);
});

t.test("links to files are followed, links to folders are not, and no file comes twice", async (t) => {
  const dir = tree(t, ["real/1.mp4", "elsewhere/2.mp4"]);
  symlinkSync(join(dir, "real"), join(dir, "real/loop"));
  symlinkSync(join(dir, "elsewhere/2.mp4"), join(dir, "real/linked.mp4"));
  symlinkSync(join(dir, "real/1.mp4"), join(dir, "real/again.mp4"));
  symlinkSync(join(dir, "nowhere"), join(dir, "real/broken.mp4"));
  const { files } = await findRecordings([join(dir, "real"), join(dir, "real/1.mp4")]);
  t.same(
    files.map(({ place }) => place),
    ["1.mp4", "linked.mp4"],
  );
});

t.test("patterns choose; the folder of results is never searched; what is named is taken as it is", async (t) => {
  const dir = tree(t, ["1.mp4", "day1/cam-a.mp4", "day1/cam-b.mp4", "day2/cam-a.raw", "results/1/clip.mp4"]);
  const places = async (selection: object, paths = [dir]) =>
    (await findRecordings(paths, { but: join(dir, "results"), ...selection })).files.map(({ place }) => place);
  t.same(await places({}), ["1.mp4", "day1/cam-a.mp4", "day1/cam-b.mp4"]);
  t.same(await places({ include: ["CAM-A.*"] }), ["day1/cam-a.mp4", "day2/cam-a.raw"]);
  t.same(await places({ exclude: ["day1/**"] }), ["1.mp4"]);
  t.same(await places({ include: ["*.{mp4,raw}"], exclude: ["cam-b*"] }), [
    "1.mp4",
    "day1/cam-a.mp4",
    "day2/cam-a.raw",
  ]);
  t.same(await places({}, [join(dir, "day2/cam-a.raw")]), ["cam-a.raw"]);
  t.same(await places({}, [join(dir, "not-there.mp4")]), ["not-there.mp4"], "it fails in its turn");
});

const named = (...files: readonly (readonly [root: string | undefined, place: string])[]): string[] =>
  nameResults(files.map(([root, place]) => ({ root, place, path: place }))).map(({ name }) => name);

t.test("every recording has a folder of its own, and none lies in another's", async (t) => {
  t.same(named(["in", "a/1.mp4"], ["in", "2.mp4"]), ["a/1", "2"]);
  t.same(named(["in", "1.mp4"], ["in", "1.mkv"]), ["1.mp4", "1.mkv"]);
  t.same(named(["in", "A.mp4"], ["in", "a.mkv"]), ["A.mp4", "a.mkv"], "whatever the file system thinks of cases");
  t.same(named(["in", "a.mp4"], ["in", "a/b.mp4"]), ["a.mp4", "a/b"]);
  t.same(named(["x/in", "1.mp4"], ["y/out", "1.mp4"]), ["in/1", "out/1"]);
  t.same(named(["x/in", "1.mp4"], ["y/in", "1.mp4"]), ["in/1.mp4", "in/1.mp4-2"]);
  t.same(named([undefined, "1.mp4"], [undefined, "1.mp4"]), ["1.mp4", "1.mp4-2"]);
});

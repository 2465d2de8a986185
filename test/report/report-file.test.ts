import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { ReportFile } from "../../src/report/report-file.js";

t.test("a report is written whole, over what stood there, and nothing else stays behind", async (t) => {
  const dir = t.testdir({ "old.html": "old" });
  for (const name of ["old.html", "new.html"]) {
    const file = await ReportFile.prepare(join(dir, name), []);
    t.equal(existsSync(join(dir, name)), name === "old.html", "the proof leaves all as it was");
    await file.write(`page ${name}`);
    t.equal(readFileSync(join(dir, name), "utf8"), `page ${name}`);
  }
  t.same(readdirSync(dir), ["new.html", "old.html"]);
});

t.test("a link stays one, and what it leads to is written", async (t) => {
  const dir = t.testdir({ real: { "page.html": "old" } });
  symlinkSync(join(dir, "real", "page.html"), join(dir, "link.html"));
  await (await ReportFile.prepare(join(dir, "link.html"), [])).write("new");
  t.equal(readFileSync(join(dir, "real", "page.html"), "utf8"), "new");
  t.same(readdirSync(join(dir, "real")), ["page.html"]);
});

t.test("a path that cannot be written is refused before anything is done", async (t) => {
  const dir = t.testdir({ "plain.txt": "", "video.mp4": "a video", folder: {} });
  const refused = (name: string, why: RegExp, inputs: string[] = []) =>
    t.rejects(ReportFile.prepare(name, inputs), { code: "REPORT_UNWRITABLE", message: why });
  await refused(join(dir, "none", "page.html"), /none\/page\.html.*ENOENT/);
  await refused(join(dir, "plain.txt", "page.html"), /ENOTDIR/);
  await refused(join(dir, "folder"), /it is no file/);
  await refused("/dev/null", /it is no file/);
  await refused("", /empty/);
  await refused(join(dir, "folder", "..", "video.mp4"), /overwrite/, [join(dir, "video.mp4")]);
  t.same(readdirSync(dir), ["folder", "plain.txt", "video.mp4"]);
});

t.test("a file that can no longer be replaced stays, and the attempt leaves nothing behind", async (t) => {
  const dir = t.testdir({});
  const file = await ReportFile.prepare(join(dir, "page.html"), []);
  mkdirSync(join(dir, "page.html"));
  writeFileSync(join(dir, "page.html", "inside"), "");
  await t.rejects(file.write("page"), { code: "REPORT_UNWRITABLE" });
  t.same(readdirSync(dir), ["page.html"]);
});

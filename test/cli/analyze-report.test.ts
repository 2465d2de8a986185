import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import type { ChartData } from "../../src/report/chart-data.js";
import type { LogLine } from "../support/cli.js";
import { Flinch, flinch } from "../support/cli.js";
import { DEMO_VIDEO, demoActs, EVERY_CANDIDATE, shortVideo } from "../support/demo.js";
import { elementsIn, type HtmlElement, named, parseHtml } from "../support/html.js";
import { until } from "../support/logs.js";
import { refused } from "./support/refused.js";

const dir = t.testdir();
const file = (name: string) => join(dir, name);
const cpu = "--recognition.providers=cpu";

const pageAt = (path: string): HtmlElement => parseHtml(readFileSync(path, "utf8"));
const chartData = (root: HtmlElement): ChartData =>
  JSON.parse(elementsIn(root, ({ attributes }) => attributes.get("id") === "chart-data")[0]?.text ?? "");

/** Result → how many the page counts. */
const countsOf = (root: HtmlElement): Record<string, number> =>
  Object.fromEntries(
    elementsIn(root, ({ attributes }) => attributes.has("data-count")).map(({ attributes, text }) => [
      attributes.get("data-count") as string,
      Number(/\d+$/.exec(text)?.[0]),
    ]),
  );

/** The same as the log and standard output have it. */
function countsSaid(log: readonly LogLine[], output: readonly string[]): Record<string, number> {
  const reasons = log.filter(({ msg }) => msg === "movement without event").map(({ reason }) => reason as string);
  const counts: Record<string, number> = output.length === 0 ? {} : { event: output.length };
  for (const reason of reasons) counts[reason] = (counts[reason] ?? 0) + 1;
  return counts;
}

const sumOf = (counts: Readonly<Record<string, number>>) => Object.values(counts).reduce((sum, n) => sum + n, 0);

t.test("the bundled video's page tells every event and every reason", async (t) => {
  const page = file("demo.html");
  const run = await flinch(
    "analyze",
    DEMO_VIDEO,
    "--report",
    page,
    cpu,
    "--truth=demo/truth.json",
    "--log.level=debug",
  );
  t.same([run.status, run.plain], [0, []]);
  const root = pageAt(page);
  t.same(countsOf(root), countsSaid(run.log, run.output));
  const rows = elementsIn(root, named("tr")).filter(({ attributes }) => attributes.get("id")?.startsWith("movement-"));
  const { marks, faces, truth, durationMs } = chartData(root);
  t.same([rows.length, marks.length], [sumOf(countsSaid(run.log, run.output)), rows.length]);
  t.ok(run.output.length > 0);
  for (const line of run.output) {
    const { id, onsetMs, apexMs, offsetMs, label } = JSON.parse(line);
    const row = rows.find(({ text }) => text.includes(id));
    t.ok(row?.text.includes(label), `${id} says ${label}`);
    const [mark] = marks.filter((each) => each.verdict === "event" && each.apexMs === apexMs);
    t.match(mark, { onsetMs, apexMs, offsetMs, face: 1 });
  }
  t.ok(Math.abs(durationMs - 30_000) < 50);
  t.equal(faces.length, 1);
  t.ok((faces[0]?.score.startsMs.length ?? 0) > 700 && (faces[0]?.score.startsMs.length ?? 0) <= 2000);
  t.same(
    truth.map(({ onsetMs }) => onsetMs),
    demoActs.map(({ onsetMs }) => onsetMs),
  );
  const { sha256 } = JSON.parse(run.output[0] ?? "").model;
  for (const said of ["1800", "60.00", sha256, "video.mp4", "no proof of anything"])
    t.ok(root.text.includes(said), said);
  t.notOk(/data:image|<img/.test(readFileSync(page, "utf8")), "no picture");
});

t.test("a page changes nothing of what is printed; pictures and truth are there only when asked for", async (t) => {
  const name = `"><img src=x onerror=alert(1)>&amp;'.mp4`;
  const video = await shortVideo(file(name));
  const analyse = (...args: string[]) => flinch("analyze", video, ...EVERY_CANDIDATE, ...args);
  const without = await analyse();
  const plain = await analyse("--report", file("plain.html"));
  const pictured = await analyse("--report", file("pictured.html"), "--thumbnails");
  t.ok(without.output.length > 0);
  t.same(plain.output, without.output);
  t.same(pictured.output, without.output);
  const [bare, full] = [pageAt(file("plain.html")), pageAt(file("pictured.html"))];
  t.equal(elementsIn(bare, named("h1"))[0]?.text, name);
  t.notOk(/data:image|<img/.test(readFileSync(file("plain.html"), "utf8")), "no picture");
  t.same([chartData(bare).truth, elementsIn(bare, ({ attributes }) => attributes.get("id") === "truth")], [[], []]);
  const images = elementsIn(full, named("img"));
  const candidates = chartData(full).marks.filter(({ rank }) => rank > 0).length;
  t.same([images.length, candidates > 0], [2 * candidates, true]);
  for (const { attributes } of images) t.match(attributes.get("src"), /^data:image\/jpeg;base64,[\w+/]+=*$/);
  t.same(countsOf(full), countsOf(bare));
});

t.test("a file that is cut off and an analysis that is interrupted leave a page that says so", async (t) => {
  const whole = readFileSync(await shortVideo(file("whole.mkv"), 1));
  writeFileSync(file("cut.mkv"), whole.subarray(0, whole.length / 2));
  await refused(t, ["analyze", file("cut.mkv"), `--report=${file("cut.html")}`, cpu], /\[SOURCE_UNREADABLE\]/);
  const cut = pageAt(file("cut.html"));
  t.match(cut.text, /The analysis ended before the video: 'cut\.mkv' ended after \d+ frames/);
  t.notOk(cut.text.includes(dir), "folders stay private");

  const analysis = new Flinch(["analyze", DEMO_VIDEO, "--signals", `--report=${file("stopped.html")}`, cpu]);
  t.teardown(() => analysis.dispose());
  await until(() => analysis.output.length > 10, 60_000);
  analysis.kill("SIGINT");
  t.equal(await analysis.ended, 1);
  t.match(pageAt(file("stopped.html")).text, "The analysis ended before the video: it was interrupted");
  t.same(
    readdirSync(dir).filter((name) => name.startsWith(".")),
    [],
  );
});

t.test("what cannot be written or read is refused before the analysis", async (t) => {
  // Without models an analysis fails at once: whatever is said of the page was said before.
  const analyse = ["analyze", DEMO_VIDEO, "--recognition.manifest=/nowhere.json"];
  await refused(t, [...analyse, `--report=${file("none/page.html")}`], /none\/page\.html.*\[REPORT_UNWRITABLE\]/);
  await refused(t, [...analyse, `--report=${dir}`], /it is no file.*\[REPORT_UNWRITABLE\]/);
  await refused(t, [...analyse, `--report=${DEMO_VIDEO}`], /overwrite 'demo\/video\.mp4'.*\[REPORT_UNWRITABLE\]/);
  const page = `--report=${file("page.html")}`;
  await refused(t, [...analyse, page, `--truth=${file("none.json")}`], /none\.json.*ENOENT.*\[TRUTH_UNREADABLE\]/);
  writeFileSync(file("other.json"), '{"fps":60,"durationMs":1000,"events":[{"kind":"blink"}]}');
  await refused(t, [...analyse, page, `--truth=${file("other.json")}`], /other\.json.*onsetMs.*\[TRUTH_UNREADABLE\]/);
  await refused(t, [...analyse, "--thumbnails"], /--thumbnails.*--report.*\[USAGE\]/);
  await refused(t, [...analyse, "--truth=demo/truth.json"], /--truth.*--report.*\[USAGE\]/);
});

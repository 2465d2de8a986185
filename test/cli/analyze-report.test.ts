import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import t from "tap";
import type { ReportData } from "../../src/report/report-data.js";
import { openBrowser, openTab, picture } from "../support/browser.js";
import type { LogLine } from "../support/cli.js";
import { Flinch, flinch } from "../support/cli.js";
import { DEMO_VIDEO, demoActs, EVERY_CANDIDATE, shortVideo } from "../support/demo.js";
import { elementsIn, parseHtml } from "../support/html.js";
import { until } from "../support/logs.js";
import { refused } from "./support/refused.js";

const dir = t.testdir();
const file = (name: string) => join(dir, name);
const cpu = "--recognition.providers=cpu";

const pageAt = (path: string): ReportData => {
  const root = parseHtml(readFileSync(path, "utf8"));
  return JSON.parse(elementsIn(root, ({ attributes }) => attributes.get("id") === "report-data")[0]?.text ?? "");
};

/** Result → how many the page counts. */
const countsOf = ({ counts }: ReportData): Record<string, number> =>
  Object.fromEntries(counts.map(({ verdict, count }) => [verdict, count]));

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
  const data = pageAt(page);
  t.same(countsOf(data), countsSaid(run.log, run.output));
  const { movements, faces, truth, durationMs, facts, summary } = data;
  t.equal(movements.length, sumOf(countsOf(data)));
  t.ok(run.output.length > 0);
  t.same(
    movements.flatMap(({ event }) => event ?? []),
    run.output.map((line) => JSON.parse(line)),
    "every event is in the page as it was printed",
  );
  t.ok(
    movements.every(({ excerpt }) => excerpt),
    "with the motion around every movement",
  );
  t.ok(Math.abs(durationMs - 30_000) < 50);
  t.equal(faces.length, 1);
  t.ok((faces[0]?.score.startsMs.length ?? 0) > 700 && (faces[0]?.score.startsMs.length ?? 0) <= 2000);
  t.same(
    truth?.acts.map(({ onsetMs }) => onsetMs),
    demoActs.map(({ onsetMs }) => onsetMs),
  );
  t.equal(summary.model.sha256, JSON.parse(run.output[0] ?? "").model.sha256);
  t.same([facts.find(([name]) => name === "Frames"), summary.video], [["Frames", "1800"], "video.mp4"]);
  t.notOk(/data:image/.test(JSON.stringify(data)), "no picture");

  const tab = await openTab(t, await openBrowser(t), pathToFileURL(page).href, {
    viewport: { width: 1280, height: 1040 },
  });
  await tab.page.waitForSelector("canvas");
  t.equal(await tab.page.locator("#movements tbody tr").count(), movements.length);
  await picture(tab.page, "report", 500);
  t.same([tab.complaints, tab.foreign], [[], []]);
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
  t.equal(bare.summary.video, name);
  t.notOk(/data:image/.test(readFileSync(file("plain.html"), "utf8").split('id="report-data"')[1] ?? ""), "no picture");
  t.equal(bare.truth, null);
  const candidates = full.movements.filter(({ rank }) => rank > 0);
  t.ok(candidates.length > 0);
  for (const { thumbnails } of candidates)
    for (const uri of [thumbnails?.onset, thumbnails?.apex]) t.match(uri, /^data:image\/jpeg;base64,[\w+/]+=*$/);
  t.same(countsOf(full), countsOf(bare));
});

t.test("a file that is cut off and an analysis that is interrupted leave a page that says so", async (t) => {
  const whole = readFileSync(await shortVideo(file("whole.mkv"), 1));
  writeFileSync(file("cut.mkv"), whole.subarray(0, whole.length / 2));
  await refused(t, ["analyze", file("cut.mkv"), `--report=${file("cut.html")}`, cpu], /\[SOURCE_UNREADABLE\]/);
  const cut = pageAt(file("cut.html"));
  t.match(cut.summary.cut, /'cut\.mkv' ended after \d+ frames/);
  t.notOk(JSON.stringify(cut).includes(dir), "folders stay private");

  const analysis = new Flinch(["analyze", DEMO_VIDEO, "--signals", `--report=${file("stopped.html")}`, cpu]);
  t.teardown(() => analysis.dispose());
  await until(() => analysis.output.length > 10, 60_000);
  analysis.kill("SIGINT");
  t.equal(await analysis.ended, 1);
  t.match(pageAt(file("stopped.html")).summary.cut, "it was interrupted");
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

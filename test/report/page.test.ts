/// <reference lib="dom" />
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Page } from "playwright-core";
import t from "tap";
import type { AnalysisSummary } from "../../src/api/index.js";
import { loadConfig } from "../../src/config/index.js";
import type { Detection } from "../../src/contract/event.js";
import type { Statement } from "../../src/contract/statement.js";
import { unpackExcerpt } from "../../src/history/excerpt-code.js";
import type { Outcome } from "../../src/pipeline/outcome.js";
import type { About } from "../../src/report/about.js";
import { Inspection } from "../../src/report/inspection.js";
import { pageOf } from "../../src/report/page.js";
import type { ReportData } from "../../src/report/report-data.js";
import { cv } from "../../src/runtime/opencv.js";
import { faultsOf } from "../support/axe.js";
import { openBrowser, openTab, type Tab } from "../support/browser.js";
import { elementsIn, named, parseHtml } from "../support/html.js";
import { atRate, regionNames, samplesOf } from "../support/motion-stream.js";

const SIZE = 16;
const HOSTILE = `"><img src=x onerror=alert(1)></title></script><script>alert('1')</script>&lt;.mp4`;

const summary: AnalysisSummary = {
  schema: "flinch/analysis_summary/1",
  video: "interview.mp4",
  frames: 101,
  framesPerSecond: 50,
  minutes: { video: 0.0337, judged: 0.025, notJudged: { turned_away: 0.0087 } },
  coverage: 0.74,
  faces: 1,
  events: 1,
  eventsPerHour: 2400,
  withheld: { none: 1, not_returning: 1 },
  model: { name: "hsta", version: "1.2.3", sha256: "abc123" },
  provider: "cpu",
  regions: regionNames,
  cut: null,
};
const about = (changes: Partial<About> = {}): About => ({
  summary,
  settings: loadConfig({}).config,
  regions: regionNames,
  thumbnails: false,
  ...changes,
});

const candidate = {
  onsetMs: 1000,
  apexMs: 1100,
  offsetMs: 1300,
  score: 12.5,
  regions: [{ name: "brow_inner_left", displacement: 15 }],
  reason: "",
};
const statement: Statement = {
  report: "emotion",
  label: "happy",
  confidence: 0.75,
  none: 0.125,
  probabilities: { happy: 0.75, none: 0.125 },
  valence: { positive: 0.9, negative: 0.1, surprise: 0 },
  actionUnits: { AU4: 0.25, AU12: 0.8125 },
};
/** A picture of the onset in one shade, one of the apex in another. */
const crops = (onset: number, apex: number) => {
  const bytes = SIZE * SIZE * 3;
  return { size: SIZE, data: new Uint8Array(2 * bytes).fill(onset, 0, bytes).fill(apex, bytes) };
};
const ID = "00000000-0000-8000-8000-000000000001";
const event: Outcome = {
  face: 1,
  spotted: { kind: "candidate", candidate },
  verdict: "event",
  context: ["talking", "head_moving"],
  id: ID,
  statement,
  crops: crops(40, 200),
};
const heldBack: Outcome = {
  face: 1,
  spotted: { kind: "candidate", candidate: { ...candidate, onsetMs: 400, apexMs: 500, offsetMs: 600 } },
  verdict: "none",
  context: [],
  statement: { ...statement, none: 0.96, label: "disgust" },
  crops: crops(60, 220),
};
const step: Outcome = {
  face: 1,
  spotted: { kind: "suppressed", reason: "not_returning", apexMs: 1600, score: 4.5 },
  verdict: "not_returning",
  context: [],
};

const detectionOf = ({ id = "", face, statement: said, context, spotted }: Outcome) =>
  ({
    id,
    face,
    onsetMs: 1000,
    apexMs: 1100,
    offsetMs: 1300,
    ...said,
    context,
    spotting: spotted.kind === "candidate" ? spotted.candidate : {},
    model: summary.model,
  }) as unknown as Detection;

/** What was seen of two seconds of one face. */
async function seenWith(outcomes: readonly Outcome[] = [event, heldBack, step], thumbnails = false) {
  const inspection = new Inspection({ thumbnails, maxFps: 60 });
  for (const sample of samplesOf(atRate(50, 2))) {
    inspection.frame(sample);
    inspection.listener.onSample(1, { sample });
    inspection.listener.onSignal(1, { timeMs: sample.timeMs, score: sample.timeMs / 100, group: "brows" });
  }
  for (const outcome of outcomes) {
    if (outcome.id !== undefined) inspection.listener.onDetection(detectionOf(outcome));
    await inspection.listener.onOutcome(outcome);
  }
  return inspection.result();
}

const browser = await openBrowser(t);
const dir = t.testdir();
let pages = 0;

const dataOf = (page: string): ReportData => {
  const [data] = elementsIn(parseHtml(page), ({ attributes }) => attributes.get("id") === "report-data");
  return JSON.parse(data?.text ?? "");
};

/** Opens a page from the disk, as somebody who got it by mail does. */
async function opened(page: string, options: Parameters<typeof openTab>[3] = {}, hash = ""): Promise<Tab> {
  const path = join(dir, `${++pages}.html`);
  writeFileSync(path, page);
  const tab = await openTab(t, browser, `${pathToFileURL(path)}${hash}`, options);
  await tab.page.waitForSelector("h1");
  return tab;
}

const rowsOf = (page: Page, section: string): Promise<string[][]> =>
  page.$$eval(`#${section} tbody tr`, (rows) =>
    rows.map((row) => Array.from(row.children).map((cell) => cell.textContent ?? "")),
  );

/** What a button of the page saves. */
async function saved(page: Page, ending: string): Promise<string> {
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.click(`.exports button:text-is("${ending}")`),
  ]);
  t.equal(download.suggestedFilename(), `interview.${ending}`);
  return readFileSync(await download.path(), "utf8");
}

t.test("the page says what became of every movement, and why", async (t) => {
  const { page, complaints, foreign } = await opened(pageOf(about(), await seenWith()));
  const rows = await rowsOf(page, "movements");
  t.same(
    rows.map(([apex, , length, score, result]) => [apex, length, score, result]),
    [
      ["0:00.500", "200 ms", "12.50", "none"],
      ["0:01.100", "300 ms", "12.50", "event"],
      ["0:01.600", "unknown", "4.50", "not returning"],
    ],
  );
  t.match(rows[0]?.[5], /“none” 96\s%.*recognition\.maxNone.*70\s%/);
  t.equal(rows[0]?.[6], "", "of what raised no event nothing is said here");
  t.equal(rows[1]?.[6], "happy 75 %");
  t.match(rows[1]?.[7], "brow inner left 15.0");
  t.same([rows[1]?.[8], rows[2]?.[8]], ["talking, head moving", ""]);
  const text = await page.textContent("main");
  for (const said of ["abc123", "2.020 s", "no proof of anything", "74 % of the recording", "turned away 0.5 s"])
    t.match(text, said);
  t.notMatch(text, /simulat/);
  t.same([complaints, foreign], [[], []]);
});

t.test("at each level the page says what it may, and no more", async (t) => {
  const { none } = statement;
  const levels: Readonly<Record<string, [Statement, string]>> = {
    valence: [
      { report: "valence", none, label: "positive", confidence: 0.9, valence: statement.valence },
      "positive 90 %",
    ],
    action_units: [{ report: "action_units", none, actionUnits: { AU4: 0.25, AU12: 0.8125 } }, "AU12"],
    motion: [{ report: "motion", none }, "movement"],
  };
  for (const [level, [said, expected]] of Object.entries(levels)) {
    const made = pageOf(about(), await seenWith([{ ...event, statement: said }]));
    t.notMatch(JSON.stringify(dataOf(made)), "happy", level);
    const { page } = await opened(made);
    t.equal((await rowsOf(page, "movements"))[0]?.[6], expected, level);
  }
});

t.test("the page knows the signal, its threshold, every region and the motion around every movement", async (t) => {
  const { threshold, faces, movements, truth } = dataOf(pageOf(about(), await seenWith()));
  t.equal(threshold, 0.5);
  t.equal(truth, null);
  t.same(
    movements.map(({ id, rank, event }) => [id, rank, event?.id ?? null]),
    [
      ["1-500", 1, null],
      [ID, 2, ID],
      ["1-1600", 0, null],
    ],
  );
  for (const { excerpt = "" } of movements) {
    const { timesMs, displacement, signal } = unpackExcerpt(Buffer.from(excerpt, "base64"));
    t.same([timesMs.length, displacement[0]?.length, signal.length], [101, 2 * regionNames.length, 101]);
  }
  const [chart] = faces;
  t.equal(chart?.score.startsMs.length, 101);
  t.equal((chart?.score.curve.low[50] ?? 0) * (chart?.score.unit ?? 0), 10);
  t.same(
    chart?.traces.regions.map(({ name }) => name),
    [...regionNames, "head"],
  );
});

t.test("the same recording has the same page, and labels find their movements again", async (t) => {
  const [one, two] = [pageOf(about(), await seenWith()), pageOf(about(), await seenWith())];
  t.equal(one, two);
  const other = pageOf(about({ summary: { ...summary, video: "other.mp4" } }), await seenWith());
  t.not(dataOf(other).id, dataOf(one).id);
  const twice = dataOf(pageOf(about(), await seenWith([step, step]))).movements.map(({ id }) => id);
  t.same(twice, ["1-1600", "1-1600-2"]);
});

t.test("names from outside stay text, whatever they hold", async (t) => {
  const act = { ...candidate, kind: HOSTILE, face: 0, emotion: HOSTILE, actionUnits: [HOSTILE] };
  const moved = { ...candidate, regions: [{ name: HOSTILE, displacement: 1 }] };
  const made = pageOf(
    about({
      summary: { ...summary, video: HOSTILE, cut: HOSTILE, provider: HOSTILE },
      truth: { file: HOSTILE, acts: [act] },
    }),
    await seenWith([{ ...event, spotted: { kind: "candidate", candidate: moved }, id: HOSTILE }]),
  );
  t.equal(elementsIn(parseHtml(made), named("title"))[0]?.text, `${HOSTILE} – Flinch`);
  const { page, complaints } = await opened(made);
  let dialogs = 0;
  page.on("dialog", () => dialogs++);
  t.equal(await page.textContent("h1"), HOSTILE);
  t.equal((await rowsOf(page, "movements"))[0]?.[7], `${HOSTILE} 1.0`);
  t.same((await rowsOf(page, "truth"))[0]?.slice(3), [HOSTILE, HOSTILE, HOSTILE]);
  t.same([await page.locator("img").count(), dialogs, complaints], [0, 0, []]);
});

t.test("the page loads nothing, and lets nothing be loaded", async (t) => {
  const root = parseHtml(pageOf(about({ thumbnails: true }), await seenWith(undefined, true)));
  for (const { name, attributes } of elementsIn(root, () => true))
    for (const key of attributes.keys()) t.notMatch(key, /^(on|src|href)/, `<${name} ${key}>`);
  t.equal(elementsIn(root, named("link")).length, 0);
  const hash = (text = "") => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
  const style = elementsIn(root, named("style"))[0]?.text;
  const script = elementsIn(root, named("script")).at(-1)?.text;
  t.notMatch(style, /url\(|@import/);
  const policy = elementsIn(root, named("meta")).find(({ attributes }) => attributes.has("http-equiv"));
  t.equal(
    policy?.attributes.get("content"),
    `default-src 'none'; style-src ${hash(style)}; script-src ${hash(script)}; img-src data:`,
  );
});

t.test("without being asked for, not a pixel is in the page", async (t) => {
  const dark = pageOf(about(), await seenWith([event, heldBack]));
  const bright = pageOf(
    about(),
    await seenWith([
      { ...event, crops: crops(255, 250) },
      { ...heldBack, crops: crops(245, 240) },
    ]),
  );
  t.equal(dark, bright, "whatever the pictures show, the page is the same");
  t.notMatch(JSON.stringify(dataOf(dark)), "data:image");
});

t.test("asked for, the onset and the apex of every candidate are shown", async (t) => {
  const made = pageOf(about({ thumbnails: true }), await seenWith(undefined, true));
  const shades = dataOf(made).movements.flatMap(({ thumbnails }) =>
    thumbnails === undefined
      ? []
      : [thumbnails.onset, thumbnails.apex].map((uri) => {
          const image = cv.imdecode(Buffer.from(uri.split(",")[1] ?? "", "base64"));
          const shade = [image.rows, image.cols, Math.round(image.mean().w)];
          image.release();
          return shade;
        }),
  );
  t.same(shades, [
    [SIZE, SIZE, 60],
    [SIZE, SIZE, 220],
    [SIZE, SIZE, 40],
    [SIZE, SIZE, 200],
  ]);
  const { page, complaints } = await opened(made, {}, `#/review/${ID}`);
  t.match(await page.locator("article").textContent(), /happy 75 %/);
  const widths = await page.$$eval("article img", (images) =>
    images.map((image) => (image as HTMLImageElement).naturalWidth),
  );
  t.same([widths, complaints], [[SIZE, SIZE], []]);
  await page.click("nav >> text=Recording");
  t.match(await page.textContent("main"), "This page holds pictures of a face");
});

t.test("it is reviewed with the keyboard, keeps the labels, and saves them", async (t) => {
  const { page, complaints } = await opened(pageOf(about(), await seenWith()), { acceptDownloads: true }, "#/review");
  await page.waitForSelector("article .handle");
  await page.selectOption(".review-tools select", "all");
  await page.waitForFunction(() => document.querySelectorAll(".queue time").length === 3);
  await page.locator(".queue a").first().click();
  await page.waitForSelector("article h2:has-text('the model says none')");
  t.match(await page.textContent("article"), /“none” 96/, "and why");
  await page.keyboard.press("x");
  await page.waitForSelector("article h2:has-text('happy')");
  await page.locator(".handle.onset").focus();
  await page.keyboard.press("ArrowLeft");
  await page.keyboard.press("r");
  await page.waitForSelector("article h2:has-text('did not return')");
  await page.reload();
  await page.waitForFunction(() => document.querySelector("h1 small")?.textContent === "2 of 3 labelled");
  await page.click("nav >> text=Recording");
  await page.click(".exports summary");
  const [header = "", ...rows] = (await saved(page, "labels.csv")).trim().split("\n");
  const column = (name: string) => rows.map((row) => row.split(",")[header.split(",").indexOf(name)]);
  t.same(
    [column("movement"), column("decision")],
    [
      ["1-500", ID],
      ["not_real", "real"],
    ],
  );
  t.equal(column("onset_ms")[1], "990", "where the reviewer put it");
  t.match(await saved(page, "movements.csv"), /^interview\.mp4,.*,1-500,/m);
  t.match(await saved(page, "eaf"), /TIER_ID="[^"]*local/);
  t.equal((await saved(page, "signals.parquet")).slice(0, 4), "PAR1");
  t.same(complaints, []);
});

t.test("two reviewers of two copies: labels come together, and agreement is told", async (t) => {
  const made = pageOf(about(), await seenWith());
  const labelAs = async (name: string) => {
    const { page } = await opened(made, { acceptDownloads: true }, "#/review");
    await page.fill(".review-tools input", name);
    await page.keyboard.press("Escape");
    await page.selectOption(".review-tools select", "all");
    await page.waitForFunction(() => document.querySelectorAll(".queue time").length === 3);
    await page.waitForSelector("article h2:has-text('the model says none')");
    for (const key of ["r", "x", "x"]) {
      const decided = await page.locator("h1 small").textContent();
      await page.keyboard.press(key);
      await page.waitForFunction((before) => document.querySelector("h1 small")?.textContent !== before, decided);
    }
    await page.click("nav >> text=Recording");
    await page.click(".exports summary");
    return page;
  };
  const theirs = await saved(await labelAs("ada"), "json");
  const page = await labelAs("bo");
  const give = (content: string) =>
    page.setInputFiles(".exports input[type=file]", {
      name: "ada.json",
      mimeType: "application/json",
      buffer: Buffer.from(content),
    });
  const says = (text: RegExp | string) => page.waitForSelector(`.exports [role=status]:has-text("${text}")`);
  await give("{");
  await says("ada.json: it is no JSON");
  await give('{"schema":"flinch/export/1","labels":[]}');
  await says("it has no label of a movement of this recording");
  await give(theirs);
  await says("3 new labels from ada.json");
  await give(theirs);
  await says("0 new labels");
  await page.click("nav >> text=Review");
  await page.click(".agreement summary");
  await page.waitForSelector("text=ada, bo");
  t.match(await page.textContent(".agreement"), /alpha 1\.00/);
});

t.test("the timeline is looked around in by buttons and keys, and leads to the review", async (t) => {
  const { page } = await opened(pageOf(about(), await seenWith()));
  const shown = () => page.textContent(".tools output");
  t.equal(await shown(), "0:00.000 – 0:02.000");
  await page.click("[aria-label=Closer]");
  t.equal(await shown(), "0:00.500 – 0:01.500");
  await page.keyboard.press("ArrowRight");
  t.equal(await shown(), "0:00.700 – 0:01.700");
  await page.keyboard.press("0");
  t.equal(await shown(), "0:00.000 – 0:02.000");
  const over = page.locator(".u-over").first();
  const { width = 0 } = (await over.boundingBox()) ?? {};
  await over.click({ position: { x: (width * 1100) / 2000, y: 20 } });
  await page.waitForSelector("article h2:has-text('happy')");
});

t.test("a screen reader and a small screen have all of it", async (t) => {
  const made = pageOf(
    about({ thumbnails: true, truth: { file: "truth.json", acts: [] } }),
    await seenWith(undefined, true),
  );
  for (const colorScheme of ["light", "dark"] as const)
    for (const width of [360, 1280]) {
      const { page } = await opened(made, { colorScheme, viewport: { width, height: 800 } });
      t.same(await faultsOf(page), [], `${colorScheme}, ${width} px`);
      const wide = () => page.evaluate(() => document.documentElement.scrollWidth);
      t.ok((await wide()) <= width, `${await wide()} px`);
      await page.click("nav >> text=Review");
      await page.waitForSelector("article .handle");
      t.same(await faultsOf(page), [], `review, ${colorScheme}, ${width} px`);
    }
});

t.test("truth is marked as that of a simulated video", async (t) => {
  const acts = [{ ...candidate, kind: "blink", face: 0, emotion: null, actionUnits: ["45"] }];
  const { page } = await opened(pageOf(about({ truth: { file: "truth.json", acts } }), await seenWith()));
  t.match(await page.textContent("main"), /Part of this video, or all of it, is simulated: .*truth\.json/);
  t.same(await rowsOf(page, "truth"), [["0:01.000", "0:01.100", "0:01.300", "blink", "", "45"]]);
});

t.test("a video in which nobody is seen has a page too, and one that was cut says so", async (t) => {
  const nobody = new Inspection({ thumbnails: false, maxFps: 60 }).result();
  const { page, complaints } = await opened(
    pageOf(about({ summary: { ...summary, cut: "it ended after 3 of 9 frames" } }), nobody),
  );
  t.match(await page.textContent("main"), "The analysis ended before the video: it ended after 3 of 9 frames");
  t.same(await rowsOf(page, "movements"), []);
  await page.click("nav >> text=Review");
  await page.waitForSelector("text=Nothing has been noticed");
  t.same(complaints, []);
});

t.test("faces beyond those that are drawn are counted and listed", async (t) => {
  const inspection = new Inspection({ thumbnails: false, maxFps: 60 });
  const [sample] = samplesOf([0]);
  if (sample) for (let face = 1; face <= 40; face++) inspection.listener.onSample(face, { sample });
  await inspection.listener.onOutcome({ ...event, face: 40 });
  const { page } = await opened(pageOf(about(), inspection.result()));
  t.match(await page.textContent("main"), "8 more faces are in the list, but not drawn");
  t.equal((await rowsOf(page, "movements"))[0]?.[1], "40");
});

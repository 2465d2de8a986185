import { createHash } from "node:crypto";
import { Script } from "node:vm";
import t from "tap";
import { loadConfig } from "../../src/config/index.js";
import type { Statement } from "../../src/contract/statement.js";
import type { Outcome } from "../../src/pipeline/outcome.js";
import type { About } from "../../src/report/about.js";
import { Inspection } from "../../src/report/inspection.js";
import { pageOf } from "../../src/report/page.js";
import { cv } from "../../src/runtime/opencv.js";
import { elementsIn, type HtmlElement, named, parseHtml } from "../support/html.js";
import { atRate, regionNames, samplesOf } from "../support/motion-stream.js";

const SIZE = 16;
const HOSTILE = `"><img src=x onerror=alert(1)></title></script><script>alert('1')</script>&lt;.mp4`;

const about = (changes: Partial<About> = {}): About => ({
  video: "interview.mp4",
  settings: loadConfig({}).config,
  model: { name: "hsta", version: "1.2.3", sha256: "abc123" },
  provider: "cpu",
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
const event: Outcome = {
  face: 1,
  spotted: { kind: "candidate", candidate },
  verdict: "event",
  context: ["talking", "head_moving"],
  id: "00000000-0000-8000-8000-000000000001",
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

/** What was seen of two seconds of one face. */
async function seenWith(outcomes: readonly Outcome[] = [event, heldBack, step], thumbnails = false) {
  const inspection = new Inspection(thumbnails);
  for (const sample of samplesOf(atRate(50, 2))) {
    inspection.frame(sample);
    inspection.listener.onSample(1, { sample });
    inspection.listener.onSignal(1, { timeMs: sample.timeMs, score: sample.timeMs / 100, group: "brows" });
  }
  for (const outcome of outcomes) await inspection.listener.onOutcome(outcome);
  return inspection.result();
}

const rowsOf = (root: HtmlElement, section: string): string[][] =>
  elementsIn(root, ({ attributes }) => attributes.get("id") === section)
    .flatMap((found) => elementsIn(found, named("tr")))
    .map((row) => row.children.map(({ text }) => text));

t.test("the page says what became of every movement, and why", async (t) => {
  const root = parseHtml(pageOf(about(), await seenWith()));
  const [, ...rows] = rowsOf(root, "movements");
  t.same(
    rows.map(([number, apex, , span, score, verdict]) => [number, apex, span, score, verdict]),
    [
      ["1", "0.500 s", "0.400–0.600 s, 200 ms", "12.50", "none"],
      ["2", "1.100 s", "1.000–1.300 s, 300 ms", "12.50", "event"],
      ["3", "1.600 s", "unknown", "4.50", "not returning"],
    ],
  );
  t.match(rows[0]?.[6], /“none” 96\s%.*recognition\.maxNone.*70\s%/);
  t.equal(rows[0]?.[7], "", "of what raised no event nothing is said");
  t.match(rows[1]?.[7], /^happy 75\s%; valence positive 90\s%; AU12 81\.3\s%.*000000000001$/);
  t.match(rows[1]?.[8], "brow inner left 15.0");
  t.same([rows[1]?.[9], rows[2]?.[9]], ["talking, head moving", ""]);
  t.match(root.text, "abc123");
  t.match(root.text, "2.020 s", "101 frames at 50 a second");
  t.match(root.text, "no proof of anything");
});

t.test("at each level an event says what it may, and no more", async (t) => {
  const { none } = statement;
  const levels: Readonly<Record<string, [Statement, RegExp]>> = {
    valence: [
      { report: "valence", none, label: "positive", confidence: 0.9, valence: statement.valence },
      /^positive 90\s%/,
    ],
    action_units: [{ report: "action_units", none, actionUnits: { AU4: 0.25, AU12: 0.8125 } }, /^AU12 81\.3\s%/],
    motion: [{ report: "motion", none }, /^that the face moved/],
  };
  for (const [level, [said, expected]] of Object.entries(levels)) {
    const page = pageOf(about(), await seenWith([{ ...event, statement: said }]));
    t.match(rowsOf(parseHtml(page), "movements")[1]?.[7], expected, level);
    t.notMatch(page, "happy", level);
  }
});

t.test("every row leads to its place in the chart, and every link somewhere", async (t) => {
  const root = parseHtml(pageOf(about(), await seenWith()));
  const ids = elementsIn(root, ({ attributes }) => attributes.has("id")).map(({ attributes }) => attributes.get("id"));
  t.equal(new Set(ids).size, ids.length);
  const links = elementsIn(root, named("a"));
  t.same(
    links.map(({ attributes }) => attributes.get("data-row")),
    ["1", "2", "3"],
  );
  for (const { attributes } of links) t.ok(ids.includes(attributes.get("href")?.slice(1)), `${attributes.get("href")}`);
});

t.test("the chart knows the signal, its threshold, every region and every movement", async (t) => {
  const root = parseHtml(pageOf(about(), await seenWith()));
  const [data] = elementsIn(root, ({ attributes }) => attributes.get("id") === "chart-data");
  const { threshold, faces, marks, truth } = JSON.parse(data?.text ?? "");
  t.equal(threshold, 0.5);
  t.same(truth, []);
  t.match(marks[1], { row: 2, face: 1, verdict: "event", onsetMs: 1000, apexMs: 1100, offsetMs: 1300, score: 12.5 });
  t.match(marks[2], { onsetMs: 1600, apexMs: 1600, offsetMs: 1600 }, "without a shape it is a moment");
  const [{ score, traces }] = faces;
  t.equal(score.startsMs.length, 101);
  t.equal(score.curve.low[50] * score.unit, 10);
  t.same(
    [...new Set(score.tags)].map((tag) => score.groups[tag as number]),
    ["brows"],
  );
  t.same(
    traces.regions.map(({ name }: { name: string }) => name),
    [...regionNames, "head"],
  );
  const [first] = samplesOf(atRate(50, 2));
  t.ok(Math.abs(traces.regions[0].y.low[0] * traces.unit - (first?.displacement[1] ?? Number.NaN)) <= traces.unit);
});

t.test("names from outside stay text, whatever they hold", async (t) => {
  const pageWith = async (name: string) => {
    const act = { ...candidate, kind: name, face: 0, emotion: name, actionUnits: [name] };
    const moved = { ...candidate, regions: [{ name, displacement: 1 }] };
    return parseHtml(
      pageOf(
        about({ video: name, cut: name, provider: name, truth: { file: name, acts: [act] } }),
        await seenWith([{ ...event, spotted: { kind: "candidate", candidate: moved }, id: name }]),
      ),
    );
  };
  const root = await pageWith(HOSTILE);
  const shape = (element: HtmlElement) =>
    elementsIn(element, () => true).map(({ name, attributes }) => [name, ...attributes.keys()].join(" "));
  t.same(shape(root), shape(await pageWith("harmless")), "no element more, no attribute more");
  t.equal(elementsIn(root, named("h1"))[0]?.text, HOSTILE);
  t.equal(elementsIn(root, named("title"))[0]?.text, `${HOSTILE} – Flinch`);
  const [, row] = rowsOf(root, "movements");
  t.ok(row?.[7]?.endsWith(HOSTILE));
  t.equal(row?.[8], `${HOSTILE} 1.0`);
  t.same(rowsOf(root, "truth")[1]?.slice(3), [HOSTILE, HOSTILE, HOSTILE]);
});

t.test("the page loads nothing, and lets nothing be loaded", async (t) => {
  const root = parseHtml(pageOf(about({ thumbnails: true }), await seenWith(undefined, true)));
  for (const { name, attributes } of elementsIn(root, () => true)) {
    for (const [key, value] of attributes) {
      t.notMatch(key, /^on/, `<${name} ${key}>`);
      if (key === "src") t.match(value, /^data:image\/jpeg;base64,/);
      if (key === "href") t.match(value, /^#/);
    }
  }
  t.equal(elementsIn(root, named("link")).length, 0);
  const [style] = elementsIn(root, named("style"));
  t.notMatch(style?.text, /url\(|@import/);
  const script = elementsIn(root, named("script")).at(-1)?.text ?? "";
  t.doesNotThrow(() => new Script(script), "one script, in which no name stands twice");
  t.notMatch(script, /^\s*(import|export)\b|\bfetch\(|XMLHttpRequest|sourceMappingURL/m);
  const policy = elementsIn(root, named("meta")).find(({ attributes }) => attributes.has("http-equiv"));
  const hash = createHash("sha256").update(script).digest("base64");
  t.match(
    policy?.attributes.get("content"),
    `default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-${hash}'`,
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
  t.notMatch(dark, /data:|<img|<figure/);
});

t.test("asked for, the onset and the apex of every candidate are shown", async (t) => {
  const root = parseHtml(pageOf(about({ thumbnails: true }), await seenWith(undefined, true)));
  const shades = elementsIn(root, named("img")).map(({ attributes }) => {
    const jpeg = Buffer.from(attributes.get("src")?.split(",")[1] ?? "", "base64");
    const image = cv.imdecode(jpeg);
    const shade = [image.rows, image.cols, Math.round(image.mean().w)];
    image.release();
    return shade;
  });
  t.same(shades, [
    [SIZE, SIZE, 60],
    [SIZE, SIZE, 220],
    [SIZE, SIZE, 40],
    [SIZE, SIZE, 200],
  ]);
  t.match(root.text, "This page holds pictures of a face");
});

t.test("truth is marked as that of a simulated video, and there only when given", async (t) => {
  const acts = [{ ...candidate, kind: "blink", face: 0, emotion: null, actionUnits: ["45"] }];
  const root = parseHtml(pageOf(about({ truth: { file: "truth.json", acts } }), await seenWith()));
  t.match(root.text, /Part of this video, or all of it, is simulated: .*truth\.json/);
  t.same(rowsOf(root, "truth")[1], ["1.000 s", "1.100 s", "1.300 s", "blink", "", "45"]);
  const without = parseHtml(pageOf(about(), await seenWith()));
  t.notMatch(elementsIn(without, named("main"))[0]?.text, /simulat/);
  t.same(rowsOf(without, "truth"), []);
});

t.test("a video in which nobody is seen has a page too, and one that was cut says so", async (t) => {
  const nobody = pageOf(about({ cut: "'v.mp4' ended after 3 of 9 frames" }), new Inspection(false).result());
  const root = parseHtml(nobody);
  t.match(root.text, "The analysis ended before the video: 'v.mp4' ended after 3 of 9 frames");
  t.same(rowsOf(root, "movements").length, 1, "the heading alone");
});

t.test("faces beyond those that are drawn are counted and listed", async (t) => {
  const inspection = new Inspection(false);
  const [sample] = samplesOf([0]);
  if (sample) for (let face = 1; face <= 40; face++) inspection.listener.onSample(face, { sample });
  await inspection.listener.onOutcome({ ...event, face: 40 });
  const root = parseHtml(pageOf(about(), inspection.result()));
  t.match(root.text, "8 more faces appear in the table, but are not drawn");
  t.equal(rowsOf(root, "movements")[1]?.[2], "40");
  t.same(elementsIn(root, named("a")), [], "without a chart there is no place in it");
});

import { copyFileSync, existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import type { AnalysisSummary } from "../../src/api/analysis-summary.js";
import { ffmpeg } from "../capture/support/video.js";
import { flinch } from "../support/cli.js";
import { EVERY_CANDIDATE, shortVideo } from "../support/demo.js";
import { conforms } from "../support/schemas.js";
import { refused } from "./support/refused.js";

const dir = t.testdir();
const file = (name: string) => join(dir, name);
const cpu = "--recognition.providers=cpu";
const video = await shortVideo(file("short.mp4"));

/** Two seconds of it, long enough for the spotter to settle in, after a filter of FFmpeg. */
async function filtered(name: string, filter: string): Promise<string> {
  await ffmpeg(
    "-i",
    video,
    "-t",
    "2",
    "-vf",
    filter,
    "-c:v",
    "libx264",
    "-crf",
    "10",
    "-pix_fmt",
    "yuv420p",
    file(name),
  );
  return file(name);
}

const summaryAt = (path: string): AnalysisSummary => {
  const summary = JSON.parse(readFileSync(path, "utf8")) as AnalysisSummary;
  t.equal(conforms("files/analysis_summary", summary), "", path);
  return summary;
};

async function summaryOf(path: string, ...args: readonly string[]): Promise<AnalysisSummary> {
  const { status, plain } = await flinch("analyze", path, `--summary=${file("summary.json")}`, cpu, ...args);
  t.same([status, plain], [0, []], path);
  return summaryAt(file("summary.json"));
}

const sumOf = (minutes: AnalysisSummary["minutes"]) =>
  minutes.judged + Object.values(minutes.notJudged).reduce((sum, length) => sum + length, 0);

t.test("a summary says how much could be judged, and what came of it", async (t) => {
  const path = file("whole.json");
  const { status, output, log } = await flinch("analyze", video, `--summary=${path}`, ...EVERY_CANDIDATE);
  t.equal(status, 0);
  const summary = summaryAt(path);
  t.match(summary, { video: "short.mp4", faces: 1, events: output.length, provider: "cpu", cut: null });
  t.ok(output.length > 0);
  t.ok(Math.abs(summary.framesPerSecond ?? 0) - 60 < 0.1, `${summary.framesPerSecond} frames a second`);
  t.same(Object.keys(summary.minutes.notJudged), ["settling_in"], "the spotter has to see a face for a while");
  t.ok(Math.abs(sumOf(summary.minutes) - summary.minutes.video) < 0.001);
  t.ok(summary.coverage > 0.5 && summary.coverage < 1, `${summary.coverage}`);
  t.ok(Math.abs((summary.eventsPerHour ?? 0) - output.length / (summary.minutes.judged / 60)) < 1);
  t.match(log.at(-1), {
    msg: /^analysed: \d+ events?, .* an hour; .* minutes judged \(\d+ %\); not judged: settling in/,
  });
});

t.test("what could not be judged has its reason", async (t) => {
  const small = await summaryOf(await filtered("small.mp4", "null"), "--face.minEyeDistancePx=500");
  t.ok((small.minutes.notJudged.too_small ?? 0) > 0.9 * small.minutes.video, "too small to be looked at");
  t.match(small, { events: 0, eventsPerHour: null, coverage: 0 });
  const dark = await summaryOf(await filtered("dark.mp4", "lutyuv=y=(val-16)/12+16"));
  t.same([dark.coverage, dark.eventsPerHour], [0, null], "dark");
  t.ok((dark.minutes.notJudged.dark ?? 0) + (dark.minutes.notJudged.no_face ?? 0) > 0.9 * dark.minutes.video);
  const blurred = await summaryOf(await filtered("blurred.mp4", "gblur=sigma=14"));
  t.ok((blurred.minutes.notJudged.blurred ?? 0) > 0.5 * blurred.minutes.video, "blurred");
  const slow = await summaryOf(await filtered("slow.mp4", "fps=12"));
  t.ok((slow.minutes.notJudged.too_few_frames ?? 0) > 0.9 * slow.minutes.video, "too few frames");
  const nobody = await summaryOf(await filtered("nobody.mp4", "drawbox=c=gray:t=fill"));
  t.match(nobody, { faces: 0, coverage: 0, minutes: { notJudged: { no_face: nobody.minutes.video } } });
});

t.test("a summary that cannot be written is refused before an hour is spent", async (t) => {
  await refused(
    t,
    ["analyze", video, `--summary=${file("no/such/folder.json")}`, cpu],
    /--summary.*\[REPORT_UNWRITABLE\]/,
  );
  await refused(t, ["analyze", video, `--summary=${video}`, cpu], /would overwrite.*\[REPORT_UNWRITABLE\]/);
});

t.test("several videos have a folder each, whole or not at all; a damaged one costs itself only", async (t) => {
  const out = file("results");
  writeFileSync(file("noise.mp4"), "no video at all");
  const other = file("other.mp4");
  copyFileSync(video, other);
  const first = await flinch("analyze", file("noise.mp4"), video, other, "--out", out, "--signals", ...EVERY_CANDIDATE);
  t.equal(first.status, 3, "one of them failed");
  t.ok(first.log.some(({ level, reason }) => level === "error" && /noise\.mp4/.test(String(reason))));
  t.same(readdirSync(out).sort(), ["other", "short"]);
  for (const name of ["other", "short"]) {
    const folder = join(out, name);
    t.same(readdirSync(folder).sort(), [
      "events.ndjson",
      "manifest.json",
      "movements.ndjson",
      "signals.ndjson",
      "summary.json",
    ]);
    const linesOf = (what: string) =>
      readFileSync(join(folder, what), "utf8")
        .split("\n")
        .filter(Boolean)
        .map((line) => JSON.parse(line) as Record<string, unknown>);
    const summary = summaryAt(join(folder, "summary.json"));
    const [events, movements] = [linesOf("events.ndjson"), linesOf("movements.ndjson")];
    t.same([events.length, events.length > 0], [summary.events, true]);
    const told = movements.filter(({ verdict }) => verdict === "event");
    t.same(
      told.map(({ id }) => id),
      events.map(({ id }) => id),
    );
    t.same(
      told.map(({ context }) => context),
      events.map(({ context }) => context),
    );
    const [sample = {}] = linesOf("signals.ndjson");
    t.match(sample, { kind: "sample", measures: { lipGap: Number, yaw: Number }, context: [] });
    t.equal(Object(sample["change"]).length, summary.regions.length, "each channel has a name");
  }
  const again = await flinch("analyze", video, other, "--out", out, cpu);
  t.same([again.status, again.log.filter(({ msg }) => /has results already/.test(String(msg))).length], [0, 2]);
  t.notOk(existsSync(join(out, ".short.partial")));
});

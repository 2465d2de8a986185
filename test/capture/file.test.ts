import { copyFile, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import t from "tap";
import { createSource } from "../../src/capture/source.js";
import { collect } from "./support/collect.js";
import { sourceConfig } from "./support/source-config.js";
import { countedFrames, ffmpeg, presentationTimes } from "./support/video.js";

const dir = t.testdir();
const file = (name: string): string => join(dir, name);
const open = (name: string, changes = {}) => createSource(sourceConfig({ uri: file(name), ...changes }));
const h264 = ["-c:v", "libx264", "-pix_fmt", "yuv420p", "-crf", "10"];

for (const fps of [30, 60]) {
  t.test(`every frame of a ${fps} fps file arrives once, in order, at its presentation time`, async (t) => {
    const name = `cfr-${fps}.mp4`;
    // B-frames are stored out of order: the times must be those of showing, not of decoding.
    await ffmpeg(...countedFrames(fps, 45), ...h264, "-bf", "3", file(name));
    const source = open(name);
    t.equal(source.live, false);
    t.equal(source.stats().status, "opening");
    const seen = await collect(source);
    t.equal(seen.length, 45);
    for (const [n, frame] of seen.entries()) {
      t.equal(frame.index, n);
      t.ok(Math.abs(frame.timeMs - (n * 1000) / fps) < 1.5, `frame ${n} at ${frame.timeMs} ms`);
      t.equal(frame.wallMs, undefined);
    }
    const steps = seen.slice(1).map((frame, n) => frame.blue - (seen[n]?.blue ?? 0));
    t.ok(
      steps.every((step) => step >= 1 && step <= 8),
      `colours count up: ${steps}`,
    );
    t.same([seen[0]?.width, seen[0]?.height], [160, 120]);
    t.match(source.stats(), { captured: 45, dropped: 0, reconnects: 0, status: "ended", lastError: undefined });
    t.ok(Math.abs(source.stats().measuredFps - fps) < 0.5);
  });
}

t.test("a variable frame rate is kept", async (t) => {
  const irregular = "select='not(mod(n,3))+not(mod(n,7))'";
  for (const name of ["vfr.mp4", "vfr.mkv"]) {
    await ffmpeg(
      ...countedFrames(60, 90).slice(0, -2),
      "-t",
      "1.5",
      "-vf",
      irregular,
      "-vsync",
      "vfr",
      ...h264,
      file(name),
    );
    const expected = await presentationTimes(file(name));
    const seen = await collect(open(name));
    t.equal(seen.length, expected.length, name);
    for (const [n, frame] of seen.entries()) {
      // The decoder names no time for the frames that it still holds at the end (B-frames): these are estimated.
      const tolerance = n < expected.length - 4 ? 1.5 : 60;
      t.ok(Math.abs(frame.timeMs - (expected[n] ?? 0)) < tolerance, `${name} frame ${n} at ${frame.timeMs}`);
    }
    t.ok(new Set(seen.slice(1).map((f, n) => Math.round(f.timeMs - (seen[n]?.timeMs ?? 0)))).size > 1);
  }
});

t.test("containers without good times still go forward", async (t) => {
  for (const name of ["raw.h264", "motion.avi", "stream.ts"]) {
    await ffmpeg(...countedFrames(25, 30), ...(name === "motion.avi" ? ["-c:v", "mjpeg"] : h264), file(name));
    const seen = await collect(open(name));
    t.equal(seen.length, 30, name);
    t.ok(
      seen.slice(1).every((frame, n) => frame.timeMs > (seen[n]?.timeMs ?? 0)),
      `${name} goes forward`,
    );
    if (name !== "raw.h264")
      t.ok(Math.abs((seen.at(-1)?.timeMs ?? 0) - 29 * 40) < 3, `${name} ends at ${seen.at(-1)?.timeMs}`);
  }
});

t.test("a file gives the same frames at the same times every time", async (t) => {
  const once = await collect(open("cfr-30.mp4"));
  const again = await collect(open("cfr-30.mp4", { pace: "realtime" }));
  const essence = (seen: typeof once) => seen.map(({ index, timeMs, blue }) => ({ index, timeMs, blue }));
  t.same(essence(again), essence(once));
});

t.test("realtime gives no frame before it is due, and wall times that follow the file", async (t) => {
  const beganMs = performance.now();
  const seen = await collect(open("cfr-60.mp4", { pace: "realtime" }));
  for (const frame of seen) t.ok(frame.atMs - beganMs >= frame.timeMs - 2, `frame ${frame.index} is not early`);
  const first = seen[0]?.wallMs ?? 0;
  t.ok(Math.abs(first - Date.now()) < 60_000);
  for (const frame of seen) t.equal(Math.round((frame.wallMs ?? 0) - first), Math.round(frame.timeMs));
});

t.test("a slow consumer loses nothing", async (t) => {
  const source = open("cfr-60.mp4", { pace: "realtime" });
  let frames = 0;
  for await (const frame of source.frames(AbortSignal.timeout(60_000))) {
    frame.image.release();
    if (frames++ < 5) await new Promise((resolve) => setTimeout(resolve, 60));
  }
  t.equal(frames, 45);
  t.equal(source.stats().dropped, 0);
});

t.test("a looped file goes on in time and index", async (t) => {
  const seen = await collect(open("cfr-30.mp4", { loop: true }), (frames) => frames.length === 100);
  t.same(
    seen.map((frame) => frame.index),
    [...Array(100).keys()],
  );
  for (const [n, frame] of seen.entries())
    t.ok(Math.abs(frame.timeMs - (n * 1000) / 30) < 4, `frame ${n} at ${frame.timeMs}`);
});

t.test("a missing file and one that is no video say so", async (t) => {
  await t.rejects(collect(open("nothing.mp4")), { code: "SOURCE_NOT_FOUND", message: /nothing\.mp4/ });
  await writeFile(file("garbage.mp4"), Buffer.alloc(50_000, 7));
  await writeFile(file("empty.mp4"), "");
  for (const name of ["garbage.mp4", "empty.mp4"]) {
    const source = open(name);
    await t.rejects(collect(source), { code: "SOURCE_UNREADABLE", message: new RegExp(name) });
    t.match(source.stats(), { status: "ended", lastError: new RegExp(name) });
  }
  await t.rejects(collect(createSource(sourceConfig({ uri: dir }))), { code: "SOURCE_UNREADABLE" });
});

t.test("a file that was cut off ends with the number of frames it should have had", async (t) => {
  await ffmpeg(
    "-f",
    "lavfi",
    "-i",
    "testsrc2=size=320x240:rate=30",
    "-t",
    "4",
    ...h264,
    "-movflags",
    "+faststart",
    file("whole.mp4"),
  );
  await ffmpeg("-i", file("whole.mp4"), "-c", "copy", file("whole.mkv"));
  for (const name of ["whole.mp4", "whole.mkv"]) {
    const bytes = await readFile(file(name));
    await writeFile(file(`cut-${name}`), bytes.subarray(0, Math.floor(bytes.length / 2)));
    const source = open(`cut-${name}`);
    const seen = await collect(source);
    t.ok(seen.length > 5 && seen.length < 115, `${name}: ${seen.length} frames`);
    t.match(source.stats().lastError, /after \d+ frames: the file is shorter than it says/, name);
  }
});

t.test("a file that is cut out of a longer one is whole, wherever it begins", async (t) => {
  const cut = ["-ss", "2.1", "-i", file("whole.mp4"), "-c", "copy"];
  // From the keyframe before the cut: MP4 hides what is too early, Matroska keeps its times.
  await ffmpeg(...cut, file("trimmed.mp4"));
  await ffmpeg(...cut, "-copyts", "-avoid_negative_ts", "disabled", file("late.mkv"));
  await ffmpeg("-i", file("whole.mp4"), "-c", "copy", "-live", "1", file("live.mkv"));
  await ffmpeg("-i", file("whole.mp4"), "-c:v", "mpeg4", file("whole.avi"));
  for (const name of ["trimmed.mp4", "late.mkv", "live.mkv", "whole.avi"]) {
    const source = open(name);
    t.ok((await collect(source)).length > 20, name);
    t.equal(source.stats().lastError, undefined, name);
  }
  const avi = await readFile(file("whole.avi"));
  await writeFile(file("cut.avi"), avi.subarray(0, avi.length / 2));
  const source = open("cut.avi");
  await collect(source);
  t.match(source.stats().lastError, /shorter than it says/);
});

t.test("a recording that was never ended is named as such", async (t) => {
  await ffmpeg("-i", file("whole.mp4"), "-c", "copy", file("index-last.mp4"));
  const bytes = await readFile(file("index-last.mp4"));
  await writeFile(file("unfinished.mp4"), bytes.subarray(0, bytes.lastIndexOf("moov") - 4));
  const refusal = { code: "SOURCE_UNREADABLE", message: /unfinished\.mp4.*without its index.*untrunc/ };
  await t.rejects(collect(open("unfinished.mp4")), refusal);
});

t.test("aborting ends a file at once, between and during frames", async (t) => {
  await copyFile(file("whole.mp4"), file("umläut & space.mp4"));
  const stop = new AbortController();
  const source = open("umläut & space.mp4", { pace: "realtime", loop: true });
  const seen = await collect(
    source,
    (frames) => {
      if (frames.length === 3) setTimeout(() => stop.abort(), 5);
      return false;
    },
    stop.signal,
  );
  t.ok(seen.length >= 3 && seen.length < 60);
  t.equal(source.stats().status, "ended");
  t.equal((await collect(open("whole.mp4"), undefined, AbortSignal.abort())).length, 0);
});

t.test("a source is iterated once", async (t) => {
  const source = open("cfr-30.mp4");
  await collect(source, () => true);
  await t.rejects(collect(source), /once/);
});

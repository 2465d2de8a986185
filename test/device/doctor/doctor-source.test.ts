import { join } from "node:path";
import t from "tap";
import type { Capture } from "../../../src/capture/capture.js";
import { createSource } from "../../../src/capture/source.js";
import { judgePace, judgeRate, type Pace } from "../../../src/device/doctor/pace.js";
import { runningSourceCheck } from "../../../src/device/doctor/running.js";
import { sourceCheck } from "../../../src/device/doctor/source.js";
import { runChecks } from "../../../src/lib/check.js";
import { cv, type Mat } from "../../../src/runtime/opencv.js";
import { sourceConfig } from "../../capture/support/source-config.js";
import { countedFrames, ffmpeg } from "../../capture/support/video.js";

const dir = t.testdir();

function measureFile(name: string) {
  const create = () => createSource(sourceConfig({ uri: join(dir, name) }));
  return sourceCheck({ create, frames: 50, timeoutMs: 60_000, askedFps: 0 }).run();
}

t.test("a file's true rate is measured, and judged", async (t) => {
  for (const fps of [60, 30, 25, 15]) await ffmpeg(...countedFrames(fps, 60), join(dir, `${fps}.mkv`));
  t.match(await measureFile("60.mkv"), {
    status: "ok",
    detail: /160 × 120, (59\.9|60\.\d) fps \(.*\); for micro-expressions ok$/,
  });
  t.match(await measureFile("30.mkv"), {
    status: "warn",
    detail:
      /30\.0 fps \(intervals 33\.\d ms, 95 % within 3[34]\.\d, longest 3[34]\.\d\); for micro-expressions limited: .* 1\.2 frames/,
    advice: /60/,
  });
  t.match(await measureFile("25.mkv"), { status: "warn", detail: /25\.0 fps .* limited/ });
  t.match(await measureFile("15.mkv"), { status: "fail", detail: /not enough/, advice: /25 frames\/s at least/ });
  const [missing] = await runChecks([{ name: "source", run: () => measureFile("missing.mkv") }]);
  t.match(missing, { status: "fail", detail: /no file/ });
});

t.test("frames that only repeat the one before are no frames", async (t) => {
  await ffmpeg(...countedFrames(30, 60), "-vf", "fps=60", "-c:v", "ffv1", join(dir, "doubled.mkv"));
  const { status, detail, advice } = await measureFile("doubled.mkv");
  t.equal(status, "warn");
  // Of 44 intervals that count, every second one ends in a repeated frame.
  t.match(detail, /(29|30|31)\.\d fps \(intervals 1[67]\.\d ms/);
  t.match(detail, /(49|50|51) % of the frames repeat the one before/);
  t.match(advice, /have somebody move/);
});

/** A camera whose pictures come when a clock says so, each different. */
class ClockedCamera implements Capture {
  nowMs = 0;
  private count = 0;
  constructor(private readonly intervalMs: (n: number) => number) {}
  async readAsync(): Promise<Mat> {
    await new Promise((resolve) => setImmediate(resolve));
    this.nowMs += this.intervalMs(this.count);
    return new cv.Mat(24, 32, cv.CV_8UC3, [this.count++ % 250, 0, 0]);
  }
  get(): number {
    return 0;
  }
  async setAsync(): Promise<boolean> {
    return true;
  }
  release(): void {}
}

async function measureCamera(askedFps: number, intervalMs: (n: number) => number) {
  const camera = new ClockedCamera(intervalMs);
  // Room for all: what is measured is the camera, not this machine.
  const config = sourceConfig({ kind: "v4l2", uri: "/dev/video0", queueFrames: 100_000, stallMs: 60_000 });
  const create = () => createSource(config, { open: async () => camera, now: () => camera.nowMs });
  return sourceCheck({ create, frames: 200, timeoutMs: 60_000, askedFps }).run();
}

t.test("a camera that lengthens its frames in poor light is found out", async (t) => {
  t.match(await measureCamera(120, () => 1000 / 120), { status: "ok", detail: /120\.0 fps/ });
  t.match(await measureCamera(120, () => 1000 / 60), {
    status: "warn",
    detail: /60\.0 fps .* limited: 120 frames\/s were asked for: frames take longer/,
    advice: /source\.exposureUs/,
  });
});

t.test("uneven frames and gaps are found out", async (t) => {
  t.match(await measureCamera(0, (n) => (n % 10 === 0 ? 45 : 12)), { status: "warn", detail: /frames come unevenly/ });
  t.match(await measureCamera(0, (n) => (n === 100 ? 400 : 16)), {
    status: "warn",
    detail: /longest 400\.0\).* a gap of more than 250 ms hides whole movements/,
  });
});

t.test("a live pipeline is measured as it runs", async (t) => {
  const pipeline = "videotestsrc is-live=true pattern=ball ! video/x-raw,width=64,height=48,framerate=60/1";
  const create = () => createSource(sourceConfig({ kind: "gstreamer", pipeline }));
  const result = await sourceCheck({ create, frames: 40, timeoutMs: 60_000, askedFps: 0 }).run();
  // How fast that is depends on what else the machine does.
  t.match(result.detail, /64 × 48, \d+\.\d fps \(intervals .*\); for micro-expressions (ok|limited|not enough)/);
});

t.test("the result goes by what is known", async (t) => {
  const good: Pace = { fps: 60, askedFps: 60, medianMs: 16.7, p95Ms: 17, longestMs: 20, doubled: 0, dropped: 0 };
  t.strictSame(judgePace(good), { result: "ok", reasons: [] });
  for (const worse of [{ dropped: 1 }, { doubled: 0.2 }, { p95Ms: 40 }, { longestMs: 300 }, { askedFps: 100 }]) {
    t.match(judgePace({ ...good, ...worse }), { result: "limited", reasons: { length: 1 } }, JSON.stringify(worse));
  }
  t.equal(judgePace({ ...good, fps: 20, dropped: 3 }).result, "not enough");
  t.strictSame([24, 24.9, 29.97, 49.9, 60].map(judgeRate), ["not enough", "limited", "limited", "ok", "ok"]);
});

t.test("a source at work is judged by its rate", async (t) => {
  const stats = { captured: 9, dropped: 0, reconnects: 0, status: "streaming", lastError: undefined } as const;
  const judged = (measuredFps: number) => runningSourceCheck("camera", { ...stats, measuredFps }, []).run();
  t.match(await judged(60), { status: "ok", detail: /60\.0 fps, .* ok$/ });
  t.match(await judged(15), { status: "warn", detail: /not enough$/, advice: /cameras/ });
  t.match(await judged(0), { status: "ok" });
});

import t from "tap";
import type { Capture } from "../../src/capture/capture.js";
import { describeSource } from "../../src/capture/describe-source.js";
import { avformatMajor, networkOptions } from "../../src/capture/ffmpeg-options.js";
import { FileClock } from "../../src/capture/file-clock.js";
import { FrameRate } from "../../src/capture/frame-rate.js";
import { LatestFrames } from "../../src/capture/latest-frames.js";
import { setUpCamera } from "../../src/capture/open-camera.js";
import { retryDelays } from "../../src/lib/retry-delays.js";
import { cv } from "../../src/runtime/opencv.js";
import { sourceConfig } from "./support/source-config.js";

function firstDelays(random: number, count = 6): number[] {
  const delays = retryDelays({ minMs: 100, maxMs: 1000, random: () => random });
  return Array.from({ length: count }, () => delays.next().value);
}

t.test("waits grow to their cap, and chance only shortens them", async (t) => {
  t.same(firstDelays(0), [100, 200, 400, 800, 1000, 1000]);
  t.same(firstDelays(1), [75, 150, 300, 600, 750, 750]);
});

t.test("credentials never stand in a description", async (t) => {
  t.equal(describeSource(sourceConfig({ kind: "rtsp", uri: "rtsp://u:p@h:1/x" })), "rtsp rtsp://***@h:1/x");
  t.equal(describeSource(sourceConfig({ kind: "rtsp", uri: "rtsp://u:p@ss@h/x" })), "rtsp rtsp://***@h/x");
  const pipeline = 'rtspsrc location=rtsp://a:b@h/x user-id=a user-pw="b c" ! appsink';
  t.equal(
    describeSource(sourceConfig({ kind: "gstreamer", pipeline })),
    "gstreamer rtspsrc location=rtsp://***@h/x user-id=a user-pw=*** ! appsink",
  );
});

t.test("FFmpeg's options follow its version", async (t) => {
  const rtsp = sourceConfig({ kind: "rtsp", stallMs: 4000 });
  t.equal(avformatMajor("      avformat:                  YES (59.27.100)\n"), 59);
  t.match(networkOptions(rtsp, "avformat: YES (58.76.100)"), "rtsp_transport;tcp|stimeout;4000000");
  t.match(networkOptions(rtsp, cv.getBuildInformation()), /rtsp_transport;tcp\|s?timeout;4000000/);
  t.equal(networkOptions(sourceConfig({ kind: "http" }), ""), "fflags;nobuffer|rw_timeout;3000000");
});

t.test("a clock for files never goes back", async (t) => {
  const clock = new FileClock(50);
  t.same(
    [5, 25, 0, 20, Number.NaN, 130].map((at) => clock.next(at)),
    [5, 25, 45, 65, 85, 130],
  );
  clock.rewind();
  t.equal(clock.next(0), 150);
});

t.test("a frame rate is measured over the last seconds only", async (t) => {
  const rate = new FrameRate({ frames: 1000, windowMs: 1000 });
  t.equal(rate.perSecond(), 0);
  for (let at = 0; at < 5000; at += 40) rate.add(at);
  t.equal(rate.perSecond(), 25);
  for (let at = 5000; at < 9000; at += 5) rate.add(at);
  t.equal(rate.perSecond(), 200);
  rate.reset();
  t.equal(rate.perSecond(), 0);
});

t.test("a queue hands out in order, drops the oldest and ends its waiters", async (t) => {
  const discarded: number[] = [];
  const queue = new LatestFrames<number>(2, (item) => discarded.push(item));
  const waiting = queue.take();
  for (const item of [1, 2, 3, 4]) queue.put(item);
  t.equal(await waiting, 3);
  const last = queue.take();
  t.equal(await last, 4);
  const never = queue.take();
  queue.close();
  queue.close();
  t.equal(await never, undefined);
  queue.put(5);
  t.same(discarded, [1, 2, 5]);
  t.equal(queue.dropped, 2);
});

t.test("a camera is asked for its format before its size and rate", async (t) => {
  const asked: [number, number][] = [];
  const camera: Capture = {
    readAsync: async () => new cv.Mat(),
    get: () => 0,
    setAsync: async (property, value) => asked.push([property, value]) > 0,
    release: () => undefined,
  };
  await setUpCamera(camera, sourceConfig({ kind: "v4l2", width: 640, height: 480, fps: 120 }));
  t.same(asked, [
    [cv.CAP_PROP_FOURCC, 0x47504a4d],
    [cv.CAP_PROP_FRAME_WIDTH, 640],
    [cv.CAP_PROP_FRAME_HEIGHT, 480],
    [cv.CAP_PROP_FPS, 120],
  ]);
  asked.length = 0;
  await setUpCamera(camera, sourceConfig({ kind: "v4l2", exposureUs: 8000 }));
  t.same(asked.slice(1), [
    [cv.CAP_PROP_AUTO_EXPOSURE, 1],
    [cv.CAP_PROP_EXPOSURE, 80],
  ]);
});

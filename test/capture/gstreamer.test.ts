import t from "tap";
import { buildPipeline, fraction, ownPipeline } from "../../src/capture/gstreamer.js";
import { createSource } from "../../src/capture/source.js";
import { collect } from "./support/collect.js";
import { sourceConfig } from "./support/source-config.js";

const size = { width: 1280, height: 720, fps: 60 };

t.test("a CSI camera", async (t) => {
  t.equal(
    buildPipeline(sourceConfig({ kind: "csi", uri: "1", ...size })),
    "nvarguscamerasrc sensor-id=1 ! video/x-raw(memory:NVMM),width=1280,height=720,format=NV12,framerate=60/1" +
      " ! nvvidconv ! video/x-raw,format=BGRx ! videoconvert ! video/x-raw,format=BGR" +
      " ! appsink drop=true max-buffers=1 sync=false",
  );
  t.match(buildPipeline(sourceConfig({ kind: "csi" })), /sensor-id=0 ! video\/x-raw\(memory:NVMM\),format=NV12 !/);
});

t.test("a USB camera", async (t) => {
  const pipeline = buildPipeline(sourceConfig({ kind: "v4l2", uri: "/dev/video2", ...size }));
  t.match(pipeline, 'v4l2src device="/dev/video2" io-mode=2 ! image/jpeg,width=1280,height=720,framerate=60/1 ! ');
});

t.test("an RTSP stream keeps its URL in one piece", async (t) => {
  const pipeline = buildPipeline(sourceConfig({ kind: "rtsp", uri: 'rtsp://u:p"w!@host/a b ! fakesink' }));
  t.ok(pipeline.startsWith('rtspsrc location="rtsp://u:p\\"w!@host/a b ! fakesink" protocols=tcp'));
  t.match(pipeline, "! nvv4l2decoder enable-max-performance=1 !");
});

t.test("frame rates are fractions", async (t) => {
  t.same([30, 29.97, 59.94, 12.5].map(fraction), ["30/1", "30000/1001", "60000/1001", "12500/1000"]);
});

t.test("a pipeline of the user's own is completed only where it must be", async (t) => {
  t.equal(ownPipeline(" videotestsrc ! appsink "), "videotestsrc ! appsink");
  t.match(ownPipeline("videotestsrc !"), /^videotestsrc ! videoconvert ! video\/x-raw,format=BGR ! appsink /);
  t.equal(buildPipeline(sourceConfig({ kind: "csi", pipeline: "a ! appsink" })), "a ! appsink");
});

t.test("a real pipeline gives frames, and is started again when it ends", async (t) => {
  const pipeline = "videotestsrc num-buffers=20 is-live=true ! video/x-raw,width=64,height=48,framerate=50/1";
  const source = createSource(sourceConfig({ kind: "gstreamer", pipeline }));
  const seen = await collect(source, (frames) => frames.length === 25);
  t.equal(seen.length, 25);
  t.same([seen[0]?.width, seen[0]?.height], [64, 48]);
  t.ok(source.stats().reconnects >= 1);
});

t.test("a pipeline that GStreamer refuses is reported, and does not end the source", async (t) => {
  const source = createSource(sourceConfig({ kind: "gstreamer", pipeline: "nosuchelement ! appsink" }));
  const stop = new AbortController();
  const watch = setInterval(() => source.stats().status === "lost" && stop.abort(), 5);
  await collect(source, undefined, AbortSignal.any([stop.signal, AbortSignal.timeout(60_000)]));
  clearInterval(watch);
  t.match(source.stats().lastError, /GStreamer cannot start the pipeline/);
});

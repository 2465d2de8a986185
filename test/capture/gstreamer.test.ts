import t from "tap";
import { fraction, ownPipeline, pipelineOf, readByGStreamer } from "../../src/capture/gstreamer.js";
import { createSource } from "../../src/capture/source.js";
import type { SourceConfig } from "../../src/capture/source-config.js";
import { collect } from "./support/collect.js";
import { sourceConfig } from "./support/source-config.js";

const size = { width: 1280, height: 720, fps: 60 };

t.test("a CSI camera", async (t) => {
  t.equal(
    pipelineOf(sourceConfig({ kind: "csi", uri: "1", ...size })),
    "nvarguscamerasrc sensor-id=1 tnr-mode=0 ee-mode=0 aeantibanding=1 ! video/x-raw(memory:NVMM),width=1280,height=720,format=NV12,framerate=60/1" +
      " ! nvvidconv ! video/x-raw,format=BGRx ! videoconvert ! video/x-raw,format=BGR" +
      " ! appsink drop=true max-buffers=1 sync=false",
  );
  t.match(pipelineOf(sourceConfig({ kind: "csi" })), /sensor-id=0 .* ! video\/x-raw\(memory:NVMM\),format=NV12 !/);
});

t.test("a USB camera", async (t) => {
  const pipeline = pipelineOf(sourceConfig({ kind: "v4l2", uri: "/dev/video2", ...size }));
  t.match(pipeline, 'v4l2src device="/dev/video2" io-mode=2 extra-controls="c,');
  t.match(pipeline, '" ! image/jpeg,width=1280,height=720,framerate=60/1 ! jpegdec ! ');
  const decoders = (["nvjpeg", "nvv4l2"] as const).map((jpegDecoder) =>
    pipelineOf(sourceConfig({ kind: "v4l2", uri: "3", jpegDecoder })),
  );
  t.match(decoders[0], / ! jpegparse ! nvjpegdec ! video\/x-raw ! nvvidconv ! /);
  t.match(decoders[1], / ! jpegparse ! nvv4l2decoder mjpeg=1 .* ! nvvidconv ! /);
  t.match(decoders[0], 'device="/dev/video3"', "a number is the device of that number");
});

t.test("an RTSP stream keeps its URL in one piece", async (t) => {
  const pipeline = pipelineOf(sourceConfig({ kind: "rtsp", uri: 'rtsp://u:p"w!@host/a b ! fakesink' }));
  t.ok(pipeline?.startsWith('rtspsrc location="rtsp://u:p\\"w!@host/a b ! fakesink" protocols=tcp'));
  t.match(pipeline, "! nvv4l2decoder enable-max-performance=1 !");
});

t.test("an RTSP stream of H.265", async (t) => {
  const pipeline = pipelineOf(sourceConfig({ kind: "rtsp", uri: "rtsp://host/x", codec: "h265" }));
  t.match(pipeline, " ! rtph265depay ! h265parse ! nvv4l2decoder ");
});

t.test("exposure: within a frame at high rates, or as asked", async (t) => {
  const csi = (changes: Partial<SourceConfig>) => pipelineOf(sourceConfig({ kind: "csi", ...changes }));
  t.notMatch(csi({ fps: 60 }), "exposuretimerange");
  t.match(csi({ fps: 100 }), 'exposuretimerange="34000 10000000"');
  t.match(csi({ fps: 120 }), 'exposuretimerange="34000 8333333"');
  t.match(csi({ fps: 120, exposureUs: 4000 }), 'exposuretimerange="34000 4000000"');
  t.match(csi({ exposureUs: 10 }), 'exposuretimerange="34000 34000"', "nothing that the element refuses");
  t.match(csi({ maxGain: 12 }), 'gainrange="1 12"');
  t.match(csi({ lockExposure: true, lockWhiteBalance: true }), " aelock=true awblock=true ");
  const usb = (changes: Partial<SourceConfig>) => pipelineOf(sourceConfig({ kind: "v4l2", uri: "0", ...changes }));
  t.match(usb({ exposureUs: 8000 }), /auto_exposure=1,exposure_auto=1,exposure_time_absolute=80,exposure_absolute=80"/);
  t.notMatch(usb({}), /auto_exposure=|power_line/);
});

t.test("flicker: what the mains' frequency asks of each interface", async (t) => {
  const asked = ([0, 50, 60] as const).map((mainsHz) => [
    /aeantibanding=(\d)/.exec(pipelineOf(sourceConfig({ kind: "csi", mainsHz })) ?? "")?.[1],
    /power_line_frequency=(\d)/.exec(pipelineOf(sourceConfig({ kind: "v4l2", mainsHz })) ?? "")?.[1],
  ]);
  t.strictSame(asked, [
    ["1", undefined],
    ["2", "1"],
    ["3", "2"],
  ]);
});

t.test("GStreamer reads some kinds always, some on a Jetson, some never", async (t) => {
  const kinds = ["csi", "gstreamer", "v4l2", "rtsp", "http", "file"] as const;
  const read = (jetson: boolean, pipeline = "") =>
    kinds.filter((kind) => readByGStreamer(sourceConfig({ kind, pipeline }), jetson));
  t.strictSame(read(false), ["csi", "gstreamer"]);
  t.strictSame(read(true), ["csi", "gstreamer", "v4l2", "rtsp"]);
  t.strictSame(read(false, "videotestsrc"), ["csi", "gstreamer", "v4l2", "rtsp"]);
  for (const kind of ["http", "file"] as const) t.equal(pipelineOf(sourceConfig({ kind })), undefined);
});

t.test("frame rates are fractions", async (t) => {
  t.same([30, 29.97, 59.94, 12.5].map(fraction), ["30/1", "30000/1001", "60000/1001", "12500/1000"]);
});

t.test("a pipeline of the user's own is completed only where it must be", async (t) => {
  t.equal(ownPipeline(" videotestsrc ! appsink "), "videotestsrc ! appsink");
  t.match(ownPipeline("videotestsrc !"), /^videotestsrc ! videoconvert ! video\/x-raw,format=BGR ! appsink /);
  t.equal(pipelineOf(sourceConfig({ kind: "csi", pipeline: "a ! appsink" })), "a ! appsink");
});

t.test("a real pipeline gives frames, and is started again when it ends", async (t) => {
  const pipeline = "videotestsrc num-buffers=20 is-live=true ! video/x-raw,width=64,height=48,framerate=50/1";
  const source = createSource(sourceConfig({ kind: "gstreamer", pipeline }));
  const seen = await collect(source, (frames) => frames.length === 25);
  t.equal(seen.length, 25);
  t.same([seen[0]?.width, seen[0]?.height], [64, 48]);
  t.ok(source.stats().reconnects >= 1);
});

t.test("a USB camera's JPEG, decoded by the processor, reaches OpenCV", async (t) => {
  const made = pipelineOf(sourceConfig({ kind: "v4l2", uri: "0", width: 320, height: 240, fps: 30 })) ?? "";
  const [, ...fromCaps] = made.split(" ! ");
  const pipeline = ["videotestsrc is-live=true", "jpegenc", ...fromCaps].join(" ! ");
  const seen = await collect(createSource(sourceConfig({ kind: "gstreamer", pipeline })), ({ length }) => length === 5);
  t.strictSame([seen[4]?.width, seen[4]?.height], [320, 240]);
});

t.test("a pipeline that GStreamer refuses is reported, and does not end the source", async (t) => {
  const source = createSource(sourceConfig({ kind: "gstreamer", pipeline: "nosuchelement ! appsink" }));
  const stop = new AbortController();
  const watch = setInterval(() => source.stats().status === "lost" && stop.abort(), 5);
  await collect(source, undefined, AbortSignal.any([stop.signal, AbortSignal.timeout(60_000)]));
  clearInterval(watch);
  t.match(source.stats().lastError, /GStreamer cannot start the pipeline/);
});

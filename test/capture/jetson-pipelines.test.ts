import t from "tap";
import { pipelineOf } from "../../src/capture/gstreamer.js";
import type { SourceConfig } from "../../src/capture/source-config.js";
import { freePort } from "../support/free-port.js";
import { kill, rtspServerMissing, startRtspServer } from "./support/rtsp-server.js";
import { runPipeline } from "./support/run-pipeline.js";
import { sourceConfig } from "./support/source-config.js";

/** Why GStreamer's Python bindings are missing; the RTSP server needs the same. */
const skip = rtspServerMissing();
const bgr = (width: number, height: number) => ["BGR", width, height, width * height * 3];
const pipelineWith = (changes: Partial<SourceConfig>) => pipelineOf(sourceConfig(changes)) ?? "";
const vga = { width: 320, height: 240, fps: 30 };

const everything = { exposureUs: 5000, maxGain: 8, lockExposure: true, lockWhiteBalance: true, mainsHz: 50 } as const;

for (const [name, changes, decoder] of [
  ["a CSI camera", { kind: "csi", uri: "1", ...vga }],
  ["a CSI camera at a high rate, with all that can be asked of it", { kind: "csi", ...vga, fps: 120, ...everything }],
  ["a USB camera decoded by the processor", { kind: "v4l2", uri: "/dev/video2", ...vga, ...everything }],
  ["a USB camera decoded by nvjpegdec", { kind: "v4l2", uri: "0", jpegDecoder: "nvjpeg", ...vga }],
  ["a USB camera decoded by nvv4l2decoder", { kind: "v4l2", uri: "0", jpegDecoder: "nvv4l2", ...vga }, "jpegdec"],
] as const) {
  t.test(`${name} gives BGR of the size that was asked for`, { skip }, async (t) => {
    const { sinks, shapes, error } = await runPipeline(pipelineWith(changes), decoder);
    t.equal(error, undefined);
    t.equal(sinks, 1);
    t.strictSame(
      shapes,
      Array.from({ length: 5 }, () => bgr(320, 240)),
    );
  });
}

for (const [codec, decoder] of [
  ["h264", "openh264dec"],
  ["h265", "libde265dec"],
] as const) {
  t.test(`an RTSP stream of ${codec} gives BGR`, { skip }, async (t) => {
    const port = await freePort();
    const server = await startRtspServer(port, codec);
    t.teardown(() => kill(server));
    const pipeline = pipelineWith({ kind: "rtsp", uri: `rtsp://127.0.0.1:${port}/test`, codec });
    const { shapes, error } = await runPipeline(pipeline, decoder);
    t.equal(error, undefined);
    t.strictSame(shapes?.[4], bgr(160, 120));
  });
}

t.test("the stand-ins refuse what NVIDIA's elements do not have", { skip }, async (t) => {
  t.match(await runPipeline("nvarguscamerasrc exposure=1 ! nvvidconv ! appsink"), { error: /no property "exposure"/ });
  t.match(await runPipeline("v4l2src mjpeg=1 ! jpegdec ! appsink"), { error: /no property "mjpeg"/ });
  t.match(await runPipeline("nosuchsrc ! appsink"), { error: /no element "nosuchsrc"/ });
});

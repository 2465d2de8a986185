import t from "tap";
import { Gate } from "../../src/capture/gate.js";
import { ThinOut } from "../../src/capture/thin-out.js";
import { type Config, ConfigInForce, loadConfig } from "../../src/config/index.js";
import { Counters } from "../../src/daemon/counters.js";
import { PipelineRun } from "../../src/daemon/pipeline-run.js";
import { StreamClock } from "../../src/daemon/stream-clock.js";
import { FaceDetector } from "../../src/face/detector.js";
import { FaceStage } from "../../src/face/face-stage.js";
import { LandmarkFitter } from "../../src/face/landmarks.js";
import { createLog } from "../../src/lib/log.js";
import { openModels } from "../../src/pipeline/assemble.js";
import { cv } from "../../src/runtime/opencv.js";
import type { Frame } from "../../src/stream/frame.js";
import { demoFrameAt } from "../support/demo.js";
import { until } from "../support/logs.js";
import { blank, frameOf } from "../support/pictures.js";

const { config } = loadConfig({ argv: ["--recognition.providers=cpu"] });

t.test("every second frame is left out and released while it is to be, and none otherwise", async (t) => {
  const made: Frame[] = [];
  async function* frames(): AsyncGenerator<Frame> {
    for (let index = 0; index < 12; index++) {
      const frame = { index, timeMs: index * 10, wallMs: undefined, image: new cv.Mat(4, 4, cv.CV_8UC3) };
      made.push(frame);
      yield frame;
    }
  }
  const thinOut = new ThinOut();
  const taken: number[] = [];
  for await (const frame of thinOut.of(frames())) {
    taken.push(frame.timeMs);
    if (frame.index === 2) thinOut.active = true;
    if (frame.index === 8) thinOut.active = false;
  }
  t.strictSame(taken, [0, 10, 20, 40, 60, 80, 90, 100, 110]);
  t.equal(thinOut.leftOut, 3);
  t.strictSame(
    made.filter(({ image }) => image.empty).map(({ index }) => index),
    [3, 5, 7],
    "released",
  );
  for (const { image } of made) image.release();
});

t.test("a stage that searches less often still follows its face in every frame", async (t) => {
  const models = await openModels(config);
  t.teardown(() => models.close());
  let searches = 0;
  class Counting extends FaceDetector {
    override detect(...args: Parameters<FaceDetector["detect"]>) {
      searches++;
      return super.detect(...args);
    }
  }
  const { layout } = models.recogniser.entry;
  const { image } = await demoFrameAt(0);
  const nobody = blank();
  const counted = async (apart: number, picture: typeof image) => {
    const stage = new FaceStage(
      new Counting(models.detection, 0.6),
      new LandmarkFitter(models.landmark),
      layout,
      config.face,
    );
    stage.searchesApart = apart;
    searches = 0;
    let followed = 0;
    for (let ms = 0; ms < 4000; ms += 50) followed += (await stage.process(frameOf(picture, ms))).faces.length;
    return [searches, followed];
  };
  t.strictSame(await counted(1, image), [8, 80], "at 0, 500, …, 3500 ms");
  t.strictSame(await counted(4, image), [2, 80], "at 0 and 2000 ms");
  t.strictSame(await counted(4, nobody), [10, 0], "with nobody there, at 0, 400, …, 3600 ms");
  for (const picture of [image, nobody]) picture.release();
});

/** A watch whose frames and counts nobody looks at. */
function watchOf(configured: Config): Promise<PipelineRun> {
  const ignore = () => undefined;
  return PipelineRun.open(configured, {
    log: createLog("silent"),
    inForce: new ConfigInForce(configured),
    clock: new StreamClock(),
    counters: new Counters(),
    sessions: { frame: ignore, face: ignore, sourceCounts: ignore },
    gate: new Gate(),
    sourceIdOf: () => "test",
    onDetection: async () => undefined,
    onNoEvent: ignore,
    onEngine: ignore,
  });
}

t.test("a camera's watch analyses every second frame, and counts the others apart from those dropped", async (t) => {
  const pipeline = "videotestsrc is-live=true ! video/x-raw,width=64,height=48,framerate=50/1";
  const { config: camera } = loadConfig({
    argv: ["--recognition.providers=cpu", "--source.kind=gstreamer", `--source.pipeline=${pipeline}`],
  });
  const watch = await watchOf(camera);
  t.teardown(() => watch.close());
  const stop = new AbortController();
  const running = watch.run(stop.signal);
  await until(() => watch.processed >= 10, 60_000);
  t.equal(watch.framesLeftOut, 0);
  watch.shed("fewer_searches");
  const before = watch.processed;
  await until(() => watch.processed >= before + 10, 60_000);
  t.equal(watch.framesLeftOut, 0, "the first step leaves out no frame");
  watch.shed("every_second_frame");
  const from = { processed: watch.processed, leftOut: watch.framesLeftOut };
  await until(() => watch.framesLeftOut >= 20, 60_000);
  const analysed = watch.processed - from.processed;
  t.ok(Math.abs(analysed - (watch.framesLeftOut - from.leftOut)) <= 1, `${analysed} analysed beside 20`);
  watch.shed("full");
  const { framesLeftOut, processed } = watch;
  await until(() => watch.processed >= processed + 10, 60_000);
  t.equal(watch.framesLeftOut, framesLeftOut);
  stop.abort();
  await running;
  const { captured, dropped } = watch.sourceStats();
  const waiting = captured - dropped - watch.processed - watch.framesLeftOut;
  t.ok(waiting >= 0 && waiting <= camera.source.queueFrames, `${waiting} were still waiting`);
});

t.test("of a file every frame is analysed whatever the board says", async (t) => {
  const { config: file } = loadConfig({
    argv: ["--recognition.providers=cpu", "--source.kind=file", "--source.uri=demo/video.mp4", "--source.pace=fast"],
  });
  const watch = await watchOf(file);
  t.teardown(() => watch.close());
  watch.shed("every_second_frame");
  const stop = new AbortController();
  const running = watch.run(stop.signal);
  await until(() => watch.processed >= 20, 60_000);
  watch.shed("every_second_frame");
  const { processed } = watch;
  await until(() => watch.processed >= processed + 20, 60_000);
  stop.abort();
  await running;
  t.equal(watch.framesLeftOut, 0);
  t.ok(watch.sourceStats().captured - watch.processed <= 1);
});

import t from "tap";
import { loadConfig } from "../../src/config/index.js";
import type { State } from "../../src/contract/state.js";
import { progressSince, type Work } from "../../src/device/progress.js";
import { buildPipeline, openModels } from "../../src/pipeline/assemble.js";
import type { Recogniser } from "../../src/recognition/recogniser.js";
import type { Frame } from "../../src/stream/frame.js";
import { Flinch } from "../support/cli.js";
import { AROUND, DEMO_VIDEO, demoFrames, EVERY_CANDIDATE } from "../support/demo.js";
import { freePort } from "../support/free-port.js";
import { until } from "../support/logs.js";
import { noSystemdNotify, notifySocket } from "../support/notify-socket.js";
import { watchedRoom } from "../support/watched-room.js";

const STARVED = /^no progress/;
/** Long enough for a frame on a slow machine, a quarter of it short enough for a test. */
const WATCHDOG_USEC = "8000000";

t.test("an inference that hangs stops the feeding, while frames go on and when the camera is gone", async (t) => {
  const models = await openModels(loadConfig({ argv: EVERY_CANDIDATE }).config);
  t.teardown(() => models.close());
  const answers: (() => void)[] = [];
  // What a GPU that hangs looks like from here: the promise is not settled.
  const hung: Recogniser = Object.create(models.recogniser, {
    classify: {
      value: async (packed: Parameters<Recogniser["classify"]>[0]) => {
        await new Promise<void>((resolve) => answers.push(resolve));
        return models.recogniser.classify(packed);
      },
    },
  });
  const pipeline = buildPipeline(
    loadConfig({ argv: EVERY_CANDIDATE }).config,
    { ...models, recogniser: hung },
    "t",
    {},
  );
  let source: Work["source"] = "streaming";
  const progress = progressSince(() => ({ frames: pipeline.frames, clips: pipeline.clips, source }));
  const whileHung: boolean[] = [];
  let frames = 0;
  const onFrame = () => {
    // A frame is begun while the one before it is still at work.
    if (++frames % 2 === 1) return;
    if (answers.length === 0) t.ok(progress());
    else whileHung.push(progress());
  };
  const running = pipeline.run(demoFrames(AROUND.fromMs, AROUND.toMs), onFrame);
  await until(() => answers.length > 0 && whileHung.length > 5, 60_000);
  t.notOk(whileHung.slice(1).some(Boolean), "frames alone are not enough");
  await until(() => pipeline.frames.inHand === 0 && pipeline.stats().faces.followed === 0, 60_000);
  source = "ended";
  t.notOk(progress(), "the pipeline cannot end");
  const answering = setInterval(() => answers.shift()?.(), 5);
  t.teardown(() => clearInterval(answering));
  await running;
  t.ok(progress());
  t.equal(pipeline.clips.inHand, 0);
});

t.test("a face stage that hangs stops the feeding, whatever the source does", async (t) => {
  const { config } = loadConfig({ argv: EVERY_CANDIDATE });
  const models = await openModels(config);
  t.teardown(() => models.close());
  let free: (() => void) | undefined;
  const blocked = new Promise<void>((resolve) => {
    free = resolve;
  });
  const pipeline = buildPipeline(config, models, "t", { onFace: () => blocked });
  let source: Work["source"] = "streaming";
  const progress = progressSince(() => ({ frames: pipeline.frames, clips: pipeline.clips, source }));
  async function* one(): AsyncGenerator<Frame> {
    for await (const frame of demoFrames(AROUND.fromMs)) {
      yield frame;
      return;
    }
  }
  const running = pipeline.run(one());
  await until(() => pipeline.frames.inHand === 1, 60_000);
  progress();
  for (source of ["streaming", "lost", "ended"] as const) t.notOk(progress(), source);
  free?.();
  await running;
  t.ok(progress());
});

t.test("another pipeline by remote configuration leaves the watchdog fed", { skip: noSystemdNotify }, async (t) => {
  const { path, heard } = await notifySocket(t);
  const { start, send, told, answer } = await watchedRoom(t, DEMO_VIDEO, undefined, [], {
    NOTIFY_SOCKET: path,
    WATCHDOG_USEC,
  });
  const daemon = start("--remote.healthyWithinS=1");
  const fed = () => heard.filter((line) => line === "WATCHDOG=1").length;
  await until(() => fed() >= 1, 60_000);
  t.equal(heard[0], "READY=1");
  for (const [version, minScore] of [
    [1, 0.55],
    [2, 0.6],
  ] as const) {
    await send({ version, config: { face: { minScore } } });
    await answer(version, "applied");
  }
  await until(() => told<State>("state").some(({ watches }) => watches === 3), 60_000);
  const before = fed();
  await until(() => fed() >= before + 2, 60_000);
  t.notOk(daemon.log.some(({ msg }) => STARVED.test(msg)));
  daemon.kill("SIGTERM");
  t.equal(await daemon.ended, 0);
  await until(() => heard.includes("STOPPING=1"));
});

t.test("a camera that is away and asked for again leaves it fed", { skip: noSystemdNotify }, async (t) => {
  const { path, heard } = await notifySocket(t);
  const source = ["--source.kind=rtsp", `--source.uri=rtsp://127.0.0.1:${await freePort()}/none`];
  const place = [`--outbox.directory=${t.testdir()}/outbox`, "--mqtt.embeddedPort=0", "--privacy.purpose=a test"];
  const daemon = new Flinch(["run", ...source, ...place, ...EVERY_CANDIDATE], {
    NOTIFY_SOCKET: path,
    WATCHDOG_USEC: "1000000",
  });
  t.teardown(() => daemon.dispose());
  await until(() => heard.filter((line) => line === "WATCHDOG=1").length >= 3, 60_000);
  t.notOk(daemon.log.some(({ msg }) => STARVED.test(msg)));
  daemon.kill("SIGTERM");
  t.equal(await daemon.ended, 0);
});

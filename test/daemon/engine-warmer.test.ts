import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import t, { type Test } from "tap";
import { loadConfig } from "../../src/config/index.js";
import type { Info } from "../../src/contract/info.js";
import type { State } from "../../src/contract/state.js";
import { Daemon } from "../../src/daemon/daemon.js";
import { createLog } from "../../src/lib/log.js";
import { type Builder, calls, fakeBuilder, hardware } from "../runtime/engines/support/fakes.js";
import { shortVideo } from "../support/demo.js";
import { until } from "../support/logs.js";
import { Mosquitto, Subscriber } from "../support/mosquitto.js";
import { saidModels } from "../support/said.js";
import { conforms } from "../support/schemas.js";

const PATIENCE_MS = 60_000;
const dir = t.testdir();
const video = await shortVideo(join(dir, "short.mp4"));
const manifest = saidModels(join(dir, "models"));
const engine = join(dir, "models", "said.onnx");

/** A daemon in this process, whose TensorRT is the CPU and whose Python does as told. */
async function daemonWith(t: Test, told: Builder, ...args: string[]) {
  const place = t.testdir();
  const broker = await Mosquitto.start();
  t.teardown(() => broker.stop());
  const subscriber = new Subscriber(broker.port);
  t.teardown(() => subscriber.close());
  const { config } = loadConfig({
    argv: [
      ...["--source.kind=file", `--source.uri=${video}`, "--source.loop", "--device.id=room-1"],
      ...[`--mqtt.url=${broker.url}`, `--outbox.directory=${place}/outbox`, `--state.directory=${place}/state`],
      ...["--schedule.heartbeat=* * * * * *", `--recognition.manifest=${manifest}`],
      ...["--recognition.providers=tensorrt,cpu", `--recognition.tensorrt.engineCacheDirectory=${place}/engines`],
      `--recognition.tensorrt.python=${fakeBuilder(place, told)}`,
      ...["--recognition.maxNone=1", "--recognition.minEvidence=-20", ...args],
    ],
  });
  const stop = new AbortController();
  const log = createLog("silent");
  const start = () => new Daemon(config, log, {}, hardware).run(stop.signal);
  const said = <T>(topic: string) =>
    subscriber.messages.filter((message) => message.topic.endsWith(`/${topic}`)).map(({ payload }) => payload as T);
  const states = () => said<State>("state");
  const state = async (is: (state: State) => boolean): Promise<State> => {
    await until(() => states().some(is), PATIENCE_MS);
    const found = states().find(is);
    t.equal(conforms("state", found), "");
    return found as State;
  };
  const engines = () => (existsSync(`${place}/engines`) ? readdirSync(`${place}/engines`) : []);
  return {
    place,
    stop,
    start,
    state,
    states,
    infos: () => said<Info>("info"),
    events: () => said<{ provider: string }>("event/micro_expression"),
    engines,
  };
}

t.test("a daemon without an engine works at once, builds one beside its work, and goes over to it", async (t) => {
  const { place, stop, start, state, states, infos, events } = await daemonWith(
    t,
    { writes: engine, sleepMs: 3000 },
    "--recognition.tensorrt.build=background",
  );
  const running = start();
  const building = await state(({ engine }) => engine.status === "building");
  t.match(building, { provider: "cpu", engine: { key: /^said-trt10\.3\.0\.30-sm87-fp16-/, reason: /being built/ } });
  await until(() => calls(place).length === 1, PATIENCE_MS);
  t.equal(calls(place)[0]?.priority, 19, "everything else goes first");
  const ready = await state(({ engine }) => engine.status === "ready");
  const while_ = states().filter(({ engine }) => engine.status === "building");
  t.ok((while_.at(-1)?.source.captured ?? 0) > 0, "frames went on meanwhile");
  t.match(ready, { provider: "tensorrt", engine: { key: building.engine.key, reason: null }, watches: 1 });
  t.match(infos().at(-1), { provider: "tensorrt", engine: building.engine.key });
  t.equal(conforms("info", infos().at(-1)), "");
  await until(() => events().some(({ provider }) => provider === "tensorrt"), PATIENCE_MS);
  stop.abort();
  await running;
});

t.test("only flinch warm builds, unless the configuration says otherwise", async (t) => {
  const { place, stop, start, state, states } = await daemonWith(t, { writes: engine });
  const running = start();
  t.match(await state(({ source }) => source.captured > 30), {
    provider: "cpu",
    engine: { status: "missing", reason: /flinch warm/ },
  });
  stop.abort();
  await running;
  t.same(calls(place), []);
  t.ok(states().every(({ engine }) => engine.status === "missing"));
});

t.test("a build that fails is told, and the work goes on", async (t) => {
  const { stop, start, state, engines } = await daemonWith(
    t,
    { exit: 1, says: "no kernel image" },
    "--recognition.tensorrt.build=background",
  );
  const running = start();
  const failed = await state(({ engine }) => engine.status === "failed");
  t.match(failed, { provider: "cpu", engine: { reason: /ended with 1: no kernel image/ } });
  t.same(engines(), []);
  const before = failed.source.captured;
  await state(({ source }) => source.captured > before + 30);
  stop.abort();
  await running;
});

t.test("a daemon that ends while it builds takes the build with it", async (t) => {
  const { place, stop, start, state, engines } = await daemonWith(
    t,
    { writes: engine, sleepMs: 120_000 },
    "--recognition.tensorrt.build=background",
  );
  const running = start();
  await state(({ engine }) => engine.status === "building");
  await until(() => calls(place).length === 1, PATIENCE_MS);
  stop.abort();
  await running;
  t.throws(() => process.kill(calls(place)[0]?.pid ?? 0, 0), { code: "ESRCH" });
  t.same(engines(), []);
});

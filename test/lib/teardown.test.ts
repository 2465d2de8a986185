import t, { type Test } from "tap";
import { loadConfig } from "../../src/config/index.js";
import { Daemon } from "../../src/daemon/daemon.js";
import { createLog } from "../../src/lib/log.js";
import { doAll, failuresOf, openAll } from "../../src/lib/teardown.js";
import { MqttLink } from "../../src/mqtt/index.js";
import { SqliteOutbox } from "../../src/outbox/sqlite-outbox.js";
import { openModels } from "../../src/pipeline/assemble.js";
import { CPU_ONLY, Graph } from "../../src/runtime/graph.js";
import { loadManifest, readModel } from "../../src/runtime/manifest.js";
import { InferenceSession } from "../../src/runtime/onnxruntime.js";

t.test("every step is done, and all that failed is told", async (t) => {
  const done: number[] = [];
  const steps = [1, 2, 3, 4].map((step) => async () => {
    done.push(step);
    if (step % 2 === 0) throw new Error(`step ${step}`);
  });
  t.same((await failuresOf(steps)).map(String), ["Error: step 2", "Error: step 4"]);
  t.same(done, [1, 2, 3, 4]);
  await t.rejects(doAll(steps), { constructor: AggregateError, message: "step 2; step 4" });
  await t.rejects(doAll(steps.slice(0, 2)), { constructor: Error, message: "step 2" });
  await t.resolves(doAll([() => undefined]));
});

t.test("where one does not open, what did is closed, and so is what opens later", async (t) => {
  const closed: string[] = [];
  const opens = async (name: string, afterMs: number) => {
    await new Promise((resolve) => setTimeout(resolve, afterMs));
    return { close: async () => void closed.push(name) };
  };
  const opening = [opens("early", 0), Promise.reject(new Error("no")), opens("late", 50)] as const;
  await t.rejects(openAll(opening), { message: "no" });
  t.same(closed.sort(), ["early", "late"]);
});

/** Counts the sessions of ONNX Runtime that are open; `breaks` makes a session of its own kind fail to run. */
function countSessions(t: Test, breaks: (session: InferenceSession) => boolean) {
  const create = InferenceSession.create.bind(InferenceSession);
  let open = 0;
  let opened = 0;
  t.intercept(InferenceSession, "create", {
    value: async (...args: Parameters<typeof create>) => {
      const session = await create(...args);
      [open, opened] = [open + 1, opened + 1];
      const release = session.release.bind(session);
      session.release = async () => {
        open -= 1;
        await release();
      };
      if (breaks(session)) session.run = () => Promise.reject(new Error("does not run"));
      return session;
    },
  });
  return { counts: () => ({ open, opened }) };
}

t.test("models that cannot all be opened leave none behind", async (t) => {
  const { counts } = countSessions(t, (session) => session.inputNames.includes("window"));
  const { config } = loadConfig({ argv: [] });
  await t.rejects(openModels(config), { code: "MODEL_UNUSABLE", message: /spotter\.onnx .*does not run/ });
  t.same(counts(), { open: 0, opened: 5 });
});

t.test("a graph that does not run is released, whatever is tried after it", async (t) => {
  const { counts } = countSessions(t, () => true);
  const motion = readModel(loadManifest(), "motion");
  await t.rejects(Graph.open(motion, { ...CPU_ONLY, providers: ["cpu"] }), { code: "MODEL_UNUSABLE" });
  t.same(counts(), { open: 0, opened: 1 });
});

t.test("a daemon that cannot start ends in good order, and tells why it could not", async (t) => {
  const done: string[] = [];
  const fails = (name: string) => ({
    value: async () => {
      done.push(name);
      throw new Error(`${name} failed`);
    },
  });
  t.intercept(SqliteOutbox.prototype, "close", fails("outbox"));
  t.intercept(MqttLink.prototype, "stop", fails("link"));
  const place = t.testdir();
  const argv = [
    `--outbox.directory=${place}/outbox`,
    `--state.directory=${place}/state`,
    "--source.kind=file",
    "--source.uri=demo/video.mp4",
    "--mqtt.url=mqtt://127.0.0.1:1",
    "--recognition.manifest=nowhere.json",
  ];
  const { config } = loadConfig({ argv });
  const daemon = new Daemon(config, createLog("silent"), {});
  await t.rejects(daemon.run(new AbortController().signal), { code: /^MODEL_/ });
  t.same(done, ["link", "outbox"]);
});

import { existsSync, mkdirSync, readdirSync, readFileSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import t, { type Test } from "tap";
import { type Hardware, lookUpEngine, warmEngine } from "../../../src/runtime/engines/index.js";
import { Graph } from "../../../src/runtime/graph.js";
import { until } from "../../support/logs.js";
import { type Builder, calls, fakeBuilder, hardware, machine, settings, smallModels } from "./support/fakes.js";

const { model, near, far } = smallModels(t.testdir());
const { signal } = new AbortController();

function place(t: Test, told: Builder) {
  const directory = t.testdir();
  const tensorrt = settings(directory, fakeBuilder(directory, told));
  const lines: string[] = [];
  const warm = (options: object = {}) =>
    warmEngine(model, { settings: tensorrt, signal, hardware, say: (line) => lines.push(line), ...options });
  const folders = () => (existsSync(tensorrt.engineCacheDirectory) ? readdirSync(tensorrt.engineCacheDirectory) : []);
  return {
    directory,
    tensorrt,
    lines,
    warm,
    folders,
    find: (on: Hardware = hardware) => lookUpEngine(model, tensorrt, on),
  };
}

t.test("an engine is built once, held against its model, and found again by its key", async (t) => {
  const { directory, tensorrt, lines, warm, folders, find } = place(t, { writes: near });
  t.match(await find(), { status: "missing", reason: /run 'flinch warm'/ });
  const record = await warm();
  t.match(record, { precision: "fp16", refused: false, ...machine, sha256: model.entry.sha256 });
  t.ok(Math.abs(record.parity.probability - 0.01) < 1e-6, `${record.parity.probability}`);
  t.equal(record.parity.sameLabel, 1);
  t.same(folders(), [record.key]);
  t.same(JSON.parse(readFileSync(join(tensorrt.engineCacheDirectory, record.key, "record.json"), "utf8")), record);
  const found = await find();
  t.match(found, { status: "ready", key: record.key });
  t.ok("bytes" in found && readFileSync(near).equals(found.bytes));
  await warm();
  t.equal(calls(directory).length, 1, "what is there is not built again");
  await warm({ force: true });
  t.equal(calls(directory).length, 2, "but where it is forced to");
  t.match(lines, [/building/, /built in .* within 0\.01/, /there already/, /building/, /built/]);
});

t.test("the builder gets the model, the options and a folder of its own", async (t) => {
  const { directory, tensorrt, warm } = place(t, { writes: near });
  await warm({ background: true });
  const [call] = calls(directory);
  t.match(call, { script: /scripts\/jetson\/build_engine\.py$/, model: model.path, priority: 19 });
  t.ok(existsSync(call?.script ?? ""));
  t.equal(call?.options["trt_ep_context_file_path"], call?.cwd);
  t.equal(call?.options["trt_timing_cache_path"], tensorrt.engineCacheDirectory);
});

t.test("another TensorRT, GPU, module, ONNX Runtime, precision or model: another engine", async (t) => {
  const { tensorrt, warm, find } = place(t, { writes: near });
  await warm();
  const others = { tensorrt: "10.4.0.1", gpu: "sm110", module: "Another", onnxruntime: "1.20.1" };
  for (const [fact, value] of Object.entries(others)) {
    const elsewhere: Hardware = { ...hardware, machine: async () => ({ ...machine, [fact]: value }) };
    t.match(await find(elsewhere), { status: "missing" }, fact);
  }
  t.match(await lookUpEngine(model, { ...tensorrt, fp16: false }, hardware), { status: "missing", key: /fp32/ });
  const entry = { ...model.entry, sha256: "0".repeat(64) };
  t.match(await lookUpEngine({ ...model, entry }, tensorrt, hardware), { status: "missing" });
});

t.test("for TensorRT 11 the graph is converted to half precision, and only for half precision", async (t) => {
  const eleven: Hardware = { ...hardware, machine: async () => ({ ...machine, tensorrt: "11.4.1.10" }) };
  const { directory, warm, find } = place(t, { writes: far, writesInFull: model.path });
  t.match(await warm({ hardware: eleven }), { precision: "fp32", tensorrt: "11.4.1.10" });
  t.match(await find(eleven), { status: "ready", key: /trt11\.4\.1\.10-.*fp32/ });
  const told = calls(directory).map(({ half, options }) => [half, options["trt_fp16_enable"]]);
  t.same(told, [
    [true, "False"],
    [false, "False"],
  ]);
});

t.test("half precision that says something else is refused, and full precision built instead", async (t) => {
  const { directory, lines, warm, find, folders } = place(t, { writes: far, writesInFull: model.path });
  const record = await warm();
  t.match(record, { precision: "fp32", refused: false, parity: { probability: 0 } });
  t.match(await find(), { status: "ready", key: record.key });
  t.match(lines, [/building/, /refused/, /building/, /built/]);
  t.equal(folders().length, 2);
  const refused = folders().find((name) => name !== record.key) as string;
  t.same(readdirSync(join(directory, "engines", refused)), ["record.json"], "nobody can open it");
  await warm();
  t.equal(calls(directory).length, 2, "a refusal is remembered");
});

t.test("where even full precision says something else there is no engine", async (t) => {
  const { warm, find } = place(t, { writes: far });
  await t.rejects(warm(), { code: "ENGINE_BUILD", message: /even in fp32/ });
  t.match(await find(), { status: "none", reason: /too far from its model/ });
});

t.test("a builder that fails leaves nothing, and its last word is told", async (t) => {
  const { warm, folders } = place(t, { exit: 1, says: "first\nTensorRT could not be opened" });
  await t.rejects(warm(), { code: "ENGINE_BUILD", message: /ended with 1: TensorRT could not be opened$/ });
  t.same(folders(), []);
});

t.test("what is no engine is none", async (t) => {
  const garbage = join(t.testdir({ garbage: "half an engine" }), "garbage");
  for (const [told, reason] of [
    [{ writes: garbage }, /./],
    [{}, /wrote 0 engines/],
    [{ writes: near, version: "1.20.1" }, /Python's ONNX Runtime is 1\.20\.1, Node's is .*same build/],
  ] as const) {
    await t.test(JSON.stringify(told), async (t) => {
      const { warm, folders } = place(t, told);
      await t.rejects(warm(), { message: reason });
      t.same(folders(), []);
    });
  }
});

t.test("no interpreter, no TensorRT and no room are told with what to do", async (t) => {
  const { tensorrt } = place(t, {});
  const wrong = { ...tensorrt, python: "/nowhere/python" };
  await t.rejects(warmEngine(model, { settings: wrong, signal, hardware }), {
    code: "ENGINE_BUILD",
    message: /\/nowhere\/python cannot be started.*set recognition\.tensorrt\.python/,
  });
  const bare: Hardware = { ...hardware, machine: async () => ({ missing: "TensorRT is not installed" }) };
  await t.rejects(warmEngine(model, { settings: tensorrt, signal, hardware: bare }), {
    code: "ENGINE_BUILD",
    message: "no TensorRT engine: TensorRT is not installed",
  });
  const full = { ...tensorrt, engineCacheDirectory: `${process.execPath}/engines` };
  await t.rejects(warmEngine(model, { settings: full, signal, hardware }), {
    code: "ENGINE_UNWRITABLE",
    message: /recognition\.tensorrt\.engineCacheDirectory/,
  });
});

t.test("a build that is called off ends its process and leaves nothing", async (t) => {
  const { directory, warm, folders } = place(t, { writes: near, sleepMs: 60_000 });
  const stop = new AbortController();
  const work = warm({ signal: stop.signal });
  await until(() => calls(directory).length === 1, 30_000);
  t.match(folders(), [/^\.unfinished-/], "it is at work out of sight");
  stop.abort();
  await t.rejects(work, { name: "AbortError" });
  t.same(folders(), []);
  t.throws(() => process.kill(calls(directory)[0]?.pid ?? 0, 0), { code: "ESRCH" });
});

t.test("an engine cut short is not used, nor what a killed process left; the next build cleans up", async (t) => {
  const { tensorrt, warm, find, folders } = place(t, { writes: near });
  const { key } = await warm();
  truncateSync(join(tensorrt.engineCacheDirectory, key, "engine.onnx"), 100);
  t.match(await find(), { status: "missing" });
  const left = join(tensorrt.engineCacheDirectory, ".unfinished-4194305-abc");
  mkdirSync(left);
  writeFileSync(join(left, "model_ctx.onnx"), "half");
  t.match(await find(), { status: "missing" });
  await warm();
  t.same(folders(), [key], "no such process lives");
  t.match(await find(), { status: "ready" });
});

t.test("TensorRT runs engines only, and says so where there is none", async (t) => {
  const graph = await Graph.open(model, {
    providers: ["tensorrt", "cpu"],
    threads: 1,
    deviceId: 0,
    engine: { reason: "no engine: run 'flinch warm'" },
  });
  t.teardown(() => graph.close());
  t.match(graph, {
    provider: "cpu",
    engine: undefined,
    fallBacks: [{ provider: "tensorrt", reason: /run 'flinch warm'/ }],
  });
});

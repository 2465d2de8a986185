import { chmodSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { calls, fakeBuilder } from "../runtime/engines/support/fakes.js";
import { Flinch } from "../support/cli.js";

const dir = t.testdir({ bin: {} });
const engines = join(dir, "engines");
const python = fakeBuilder(dir, { writes: "models/hsta-tiny-112.onnx" });

/** Programs that a Jetson-like machine has and this one has not. */
for (const [name, says] of Object.entries({
  "dpkg-query": "libnvinfer10 10.3.0.30-1+cuda12.5",
  "nvidia-smi": "A card that is not here, 8.7",
})) {
  writeFileSync(join(dir, "bin", name), `#!/bin/sh\necho '${says}'\n`);
  chmodSync(join(dir, "bin", name), 0o755);
}

async function warm(args: readonly string[], path = `${dir}/bin:${process.env["PATH"]}`) {
  const settings = [
    `--recognition.tensorrt.engineCacheDirectory=${engines}`,
    `--recognition.tensorrt.python=${python}`,
  ];
  const run = new Flinch(["warm", ...settings, ...args], { PATH: path });
  return { status: await run.ended, output: run.output, plain: run.plain };
}

t.test("without TensorRT there is nothing to warm, and the command says so", async (t) => {
  const { status, plain, output } = await warm([], join(dir, "nowhere"));
  t.equal(status, 1);
  t.same(output, []);
  t.match(plain, [/^flinch: no TensorRT engine: TensorRT is not installed on this machine .*\[ENGINE_BUILD\]$/]);
});

t.test("where TensorRT is not wished for nothing is built", async (t) => {
  t.match(await warm(["--recognition.providers=cpu"]), { status: 0, output: [/nothing to build/], plain: [] });
});

t.test("a dry run names the engine and builds none; --prune goes along", async (t) => {
  mkdirSync(join(engines, "hsta-of-old-trt8.5-sm72-fp16-000000000000"), { recursive: true });
  const { status, output, plain } = await warm(["--dry-run", "--prune"]);
  t.same([status, plain], [0, []]);
  t.match(output, [
    /^hsta-tiny-112-trt10\.3\.0\.30-sm87-fp16-[0-9a-f]{12}: would be built with .*python$/,
    /would be removed/,
  ]);
  t.same(calls(dir), []);
  t.equal(readdirSync(engines).length, 1);
});

t.test("an engine that ONNX Runtime cannot open here is an error, in a line, and is not kept", async (t) => {
  // The package's ONNX Runtime has no TensorRT: that is where a machine like this one must stop.
  const { status, plain, output } = await warm([]);
  t.equal(status, 1);
  t.match(output, [/building/]);
  t.match(plain, [/^flinch: .*tensorrt/i]);
  t.equal(calls(dir).length, 1);
  t.equal(readdirSync(engines).length, 1, "but for the old one");
});

t.test("a wrong argument is told", async (t) => {
  t.match(await warm(["all"]), { status: 1, plain: [/usage: flinch warm/] });
});

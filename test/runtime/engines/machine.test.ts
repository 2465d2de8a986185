import { join } from "node:path";
import t from "tap";
import { engineMachine } from "../../../src/runtime/engines/machine.js";
import { machine } from "./support/fakes.js";

const dpkg = "libnvinfer-bin 10.3.0.30-1+cuda12.5\nlibnvinfer10 10.3.0.30-1+cuda12.5";
const runs = (programs: Readonly<Record<string, string>>) => async (program: string) => programs[program];
const nowhere = join(t.testdir(), "nowhere");

t.test("a Jetson is known by its device tree, TensorRT by its package", async (t) => {
  const tree = (chip: string) =>
    t.testdir({
      model: `${machine.module}\0`,
      compatible: `nvidia,p3768-0000+p3767-0005\0nvidia,p3767-0005\0${chip}\0`,
    });
  t.same(await engineMachine(runs({ "dpkg-query": dpkg }), tree("nvidia,tegra234")), machine);
  t.match(await engineMachine(runs({ "dpkg-query": dpkg }), tree("nvidia,tegra264")), { gpu: "sm110" });
});

t.test("a card is known by its driver", async (t) => {
  const run = runs({ "dpkg-query": dpkg, "nvidia-smi": "NVIDIA RTX A2000, 8.6" });
  t.match(await engineMachine(run, nowhere), { module: "NVIDIA RTX A2000", gpu: "sm86" });
});

t.test("without TensorRT or a GPU there is nothing to bind an engine to", async (t) => {
  t.match(await engineMachine(runs({}), nowhere), { missing: /TensorRT is not installed/ });
  t.match(await engineMachine(runs({ "dpkg-query": dpkg }), nowhere), { missing: /no NVIDIA GPU/ });
});

t.test("an ONNX Runtime that does not go with the TensorRT is told, before anything is built or opened", async (t) => {
  const home = (version: string, library?: string) => {
    const name = "libonnxruntime_providers_tensorrt.so";
    const libraries = library === undefined ? {} : { [name]: `\x7fELF\0${library}\0` };
    return t.testdir({
      "package.json": JSON.stringify({ version }),
      bin: { "napi-v6": { linux: { arm64: libraries } } },
    });
  };
  const on = (packages: string, place: string) =>
    engineMachine(runs({ "dpkg-query": packages, "nvidia-smi": "NVIDIA RTX A2000, 8.6" }), nowhere, place);
  const eleven = "libnvinfer11 11.4.1.10-1+cuda13.3";
  t.match(await on(eleven, home("1.23.2")), {
    missing: /1\.23\.2 does not know TensorRT 11\.4\.1\.10: 1\.27 or newer/,
  });
  t.match(await on(eleven, home("1.30.0", "libnvinfer.so.10")), {
    missing: /built for TensorRT 10 and this is 11\.4\.1\.10: build it anew/,
  });
  t.match(await on(eleven, home("1.30.0", "libnvinfer.so.11")), { tensorrt: "11.4.1.10", onnxruntime: "1.30.0" });
  t.match(await on(dpkg, home("1.30.0", "libnvinfer.so.11")), { missing: /built for TensorRT 11 and this is 10\.3/ });
  t.match(await on(dpkg, home("1.23.2", "libnvinfer.so.10")), { tensorrt: "10.3.0.30" });
  t.match(await on(dpkg, home("1.23.2")), { tensorrt: "10.3.0.30" }, "npm's has no such library");
});

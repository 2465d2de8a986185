import { readdir, readFile } from "node:fs/promises";
import { packageFolder, versionIn } from "../../lib/package-version.js";
import { outputOf } from "../../lib/run-command.js";
import { tensorrtVersion } from "./tensorrt-version.js";

/** What an engine is bound to, beside its model and precision: TensorRT refuses or misuses it anywhere else. */
export interface EngineMachine {
  /** TensorRT's version, as its package has it without the build. */
  readonly tensorrt: string;
  /** The module or card, as its device tree or driver names it. */
  readonly module: string;
  /** The GPU's architecture, such as "sm87". */
  readonly gpu: string;
  /** Version of the ONNX Runtime that opens the engine. */
  readonly onnxruntime: string;
}

/** No engine can be made here, and why. */
export interface NoMachine {
  readonly missing: string;
}

/** The first ONNX Runtime that builds with TensorRT 11, as NVIDIA's guide from 10.x to 11.x has it. */
const KNOWS_TENSORRT_11 = [1, 27] as const;
const DEVICE_TREE = "/proc/device-tree";

/** GPU architecture by the chip's name in the device tree; NVIDIA's list of CUDA GPUs. */
const ARCHITECTURES: Readonly<Record<string, string>> = {
  "nvidia,tegra194": "sm72",
  "nvidia,tegra234": "sm87",
  "nvidia,tegra264": "sm110",
};

const textOf = (path: string) => readFile(path, "utf8").catch(() => "");

/**
 * What engines of this machine are bound to. Told from files and packages, without CUDA: it costs milliseconds.
 * @param run runs a program and gives what it prints
 * @param deviceTree where Linux shows the device tree
 * @param home folder of the package onnxruntime-node
 */
export async function engineMachine(
  run = outputOf,
  deviceTree = DEVICE_TREE,
  home = packageFolder("onnxruntime-node"),
): Promise<EngineMachine | NoMachine> {
  const tensorrt = tensorrtVersion(
    // biome-ignore lint/suspicious/noTemplateCurlyInString: these are dpkg-query's fields.
    (await run("dpkg-query", ["-W", "-f", "${Package} ${Version}\\n", "libnvinfer*"])) ?? "",
  );
  if (tensorrt === undefined) return { missing: "TensorRT is not installed on this machine (no package libnvinfer)" };
  const gpu = (await jetsonGpu(deviceTree)) ?? (await cardGpu(run));
  if (gpu === undefined)
    return { missing: "no NVIDIA GPU is known here: neither the device tree nor nvidia-smi names one" };
  const version = versionIn(`${home}/package.json`);
  const missing = await unfitness(version, tensorrt, home);
  if (missing !== undefined) return { missing };
  return { tensorrt, ...gpu, onnxruntime: version };
}

/** Why this ONNX Runtime cannot work with this TensorRT; undefined where nothing is known against it. */
async function unfitness(version: string, tensorrt: string, home: string): Promise<string | undefined> {
  const major = Number.parseInt(tensorrt, 10);
  const [first = 0, second = 0] = version.split(".").map(Number);
  const [least, minor] = KNOWS_TENSORRT_11;
  if (major >= 11 && (first < least || (first === least && second < minor)))
    return `ONNX Runtime ${version} does not know TensorRT ${tensorrt}: ${least}.${minor} or newer does`;
  const built = await builtFor(home);
  if (built === undefined || built === major) return undefined;
  return `ONNX Runtime ${version} was built for TensorRT ${built} and this is ${tensorrt}: build it anew, scripts/jetson-setup.sh --onnxruntime`;
}

/** The major version of TensorRT that the provider's library asks the loader for; undefined where it is not there. */
async function builtFor(home: string): Promise<number | undefined> {
  const files = await readdir(`${home}/bin`, { recursive: true }).catch(() => []);
  const library = files.find((file) => file.endsWith("/libonnxruntime_providers_tensorrt.so"));
  if (library === undefined) return undefined;
  const found = /libnvinfer\.so\.(\d+)/.exec((await readFile(`${home}/bin/${library}`)).toString("latin1"));
  return found === null ? undefined : Number(found[1]);
}

type Gpu = Pick<EngineMachine, "module" | "gpu">;

async function jetsonGpu(deviceTree: string): Promise<Gpu | undefined> {
  const chips = (await textOf(`${deviceTree}/compatible`)).split("\0");
  const gpu = chips.map((chip) => ARCHITECTURES[chip]).find((known) => known !== undefined);
  const module = (await textOf(`${deviceTree}/model`)).replaceAll("\0", "").trim();
  return gpu === undefined || module === "" ? undefined : { module, gpu };
}

async function cardGpu(run: typeof outputOf): Promise<Gpu | undefined> {
  const told = await run("nvidia-smi", ["--query-gpu=name,compute_cap", "--format=csv,noheader"]);
  const [, module, major, minor] = /^(.+), (\d+)\.(\d+)$/m.exec(told ?? "") ?? [];
  return module === undefined ? undefined : { module, gpu: `sm${major}${minor}` };
}

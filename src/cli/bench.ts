import { cpus } from "node:os";
import { fileURLToPath } from "node:url";
import { createSource } from "../capture/index.js";
import { type Config, loadConfig } from "../config/index.js";
import { quantile } from "../lib/quantile.js";
import { buildPipeline, type Models, openModels } from "../pipeline/index.js";
import { openBenchGraph } from "../runtime/index.js";
import { Tensor } from "../runtime/onnxruntime.js";
import type { Frame } from "../stream/index.js";
import { decodedRate } from "./bench-frames.js";
import type { CommandContext } from "./command.js";

const BUNDLED_VIDEO = fileURLToPath(new URL("../../demo/video.mp4", import.meta.url));
const SGEMM_SIDE = 768;
const REPEATS = 30;

/** Times of a stage in milliseconds. */
interface StageTimes {
  readonly count: number;
  readonly p50: number;
  readonly p95: number;
}

export interface BenchReport {
  readonly video: string;
  readonly processor: string;
  readonly frames: number;
  /** Frames per second of the whole way, decoding included. */
  readonly fps: number;
  /** Frames per second of face and motion alone, of frames that are decoded already; null of less than two frames. */
  readonly perFrameFps: number | null;
  /** Milliseconds. */
  readonly stages: Readonly<Record<string, StageTimes>>;
  readonly provider: string;
  /** One clip through HSTA, nothing else running, milliseconds: median and 95 %. */
  readonly hsta: StageTimes;
  /** Rate of a float32 matrix product with the same threads, measured in this run. */
  readonly sgemmGflops: number;
  /** HSTA's time over the time that its multiply-adds take at that rate; null if the manifest has no count. */
  readonly hstaRatio: number | null;
  readonly rssMb: number;
}

/** `flinch bench`: how fast this machine is, on the bundled video unless another is named. */
export async function bench({ line, env, output, signal }: CommandContext): Promise<number> {
  const { config } = loadConfig({ line, env });
  const report = await measure(config, line.positionals[0] ?? BUNDLED_VIDEO, signal);
  if (signal.aborted) return 1;
  output(line.switches.has("json") ? JSON.stringify(report) : render(report));
  return 0;
}

async function measure(config: Config, video: string, signal: AbortSignal): Promise<BenchReport> {
  const models = await openModels(config);
  try {
    const run = await runVideo(config, models, video, signal);
    const rssMb = round(process.memoryUsage.rss() / 2 ** 20);
    const perFrameFps = await decodedRate(config, models, video, signal);
    const { hsta, sgemmGflops } = await compareHsta(config, models);
    const { multiplyAdds } = models.recogniser.entry;
    return {
      video,
      processor: `${cpus()[0]?.model ?? "unknown"} × ${cpus().length}`,
      ...run,
      perFrameFps: perFrameFps === undefined ? null : round(perFrameFps),
      provider: models.recogniser.graph.provider,
      hsta,
      sgemmGflops: round(sgemmGflops),
      hstaRatio: multiplyAdds === undefined ? null : round(hsta.p50 / ((2 * multiplyAdds) / (sgemmGflops * 1e6))),
      rssMb,
    };
  } finally {
    await models.close();
  }
}

async function runVideo(
  config: Config,
  models: Models,
  video: string,
  signal: AbortSignal,
): Promise<Pick<BenchReport, "frames" | "fps" | "stages">> {
  const times: Record<string, number[]> = { decode: [], face: [], motion: [], hsta: [] };
  const pipeline = buildPipeline(config, models, "bench", { onStage: (stage, ms) => times[stage]?.push(ms) });
  const source = createSource({ ...config.source, kind: "file", uri: video, pace: "fast", loop: false });
  const started = performance.now();
  await pipeline.run(timed(source.frames(signal), (ms) => times["decode"]?.push(ms)));
  const seconds = (performance.now() - started) / 1000;
  const { captured: frames } = source.stats();
  return {
    frames,
    fps: round(frames / seconds),
    stages: Object.fromEntries(Object.entries(times).map(([stage, values]) => [stage, summary(values)])),
  };
}

/** Hands frames on and tells how long each was waited for. */
async function* timed(frames: AsyncIterable<Frame>, waited: (ms: number) => void): AsyncGenerator<Frame> {
  let since = performance.now();
  for await (const frame of frames) {
    waited(performance.now() - since);
    yield frame;
    since = performance.now();
  }
}

/** HSTA and the matrix product in turn, so that a machine whose speed wavers is fair to both. */
async function compareHsta(config: Config, models: Models): Promise<{ hsta: StageTimes; sgemmGflops: number }> {
  const yardstick = await openBenchGraph("sgemm", {
    threads: config.recognition.threads,
    deviceId: config.recognition.tensorrt.deviceId,
    // TensorRT runs engines only, and nobody makes one for a yardstick.
    providers: [models.recogniser.graph.provider === "cpu" ? "cpu" : "cuda"],
  });
  const matrix = new Tensor("float32", new Float32Array(SGEMM_SIDE ** 2).map(Math.random), [SGEMM_SIDE, SGEMM_SIDE]);
  const { frames, layout } = models.recogniser.entry;
  const clip = (count: number) =>
    new Tensor(
      "uint8",
      new Uint8Array(count * layout.size ** 2 * 3).map(() => Math.random() * 256),
      [1, count, layout.size, layout.size, 3],
    );
  const feeds = { frames: clip(frames), special: clip(2) };
  const [hsta, product]: [number[], number[]] = [[], []];
  for (let i = 0; i < REPEATS; i++) {
    const began = performance.now();
    await models.recogniser.classify(feeds);
    const middle = performance.now();
    await yardstick.run({ A: matrix, B: matrix });
    hsta.push(middle - began);
    product.push(performance.now() - middle);
  }
  await yardstick.close();
  return { hsta: summary(hsta), sgemmGflops: (2 * SGEMM_SIDE ** 3) / summary(product).p50 / 1e6 };
}

function summary(values: readonly number[]): StageTimes {
  const sorted = [...values].sort((p, q) => p - q);
  const at = (share: number) => round(quantile(sorted, share));
  return { count: values.length, p50: at(0.5), p95: at(0.95) };
}

function round(value: number): number {
  return Number(value.toPrecision(4));
}

function render(report: BenchReport): string {
  const rows = Object.entries(report.stages).map(
    ([name, t]) =>
      `  ${name.padEnd(8)} p50 ${t.p50.toFixed(2).padStart(8)} ms   p95 ${t.p95.toFixed(2).padStart(8)} ms   × ${t.count}`,
  );
  const ratio = report.hstaRatio === null ? "" : `, ${report.hstaRatio} × the time of its multiply-adds`;
  return [
    `${report.video} on ${report.processor}`,
    `${report.frames} frames, ${report.fps} frames/s with decoding, ${report.perFrameFps ?? "?"} frames/s without`,
    ...rows,
    `HSTA on ${report.provider}: ${report.hsta.p50} ms a clip${ratio} (matrix product: ${report.sgemmGflops} GFLOP/s)`,
    `resident memory ${report.rssMb} MB`,
  ].join("\n");
}

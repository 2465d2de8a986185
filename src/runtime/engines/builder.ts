import { spawn } from "node:child_process";
import { readdir } from "node:fs/promises";
import { constants, setPriority } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { FlinchError, reasonOf } from "../../lib/errors.js";

const SCRIPT = fileURLToPath(new URL("../../../scripts/jetson/build_engine.py", import.meta.url));
/** A transformer of this size takes minutes; past this something hangs. */
const LONGEST_MS = 45 * 60_000;
const KILL_AFTER_MS = 5000;
const KEPT_OUTPUT = 8192;

export interface BuildOrder {
  readonly python: string;
  /** Path of the ONNX file. */
  readonly model: string;
  /** Empty folder, in which the builder also runs. */
  readonly workspace: string;
  readonly options: Readonly<Record<string, string>>;
  /** True: the model is converted to half precision first. */
  readonly half: boolean;
  readonly signal: AbortSignal;
  /** As the ONNX Runtime in Node; an engine of another version may not open. */
  readonly onnxruntime: string;
  /** True: nothing else waits for it, so everything else goes first. */
  readonly background: boolean;
}

/**
 * Has ONNX Runtime's Python half build an engine, in a process of its own.
 * @returns the path of the file that it wrote
 * @throws FlinchError ENGINE_BUILD saying why there is none; the signal's reason when it aborts
 */
export async function runBuilder(order: BuildOrder): Promise<string> {
  const { workspace, onnxruntime } = order;
  const told = await outputOfBuilder(order);
  const version = /^onnxruntime (\S+)$/m.exec(told)?.[1];
  if (version !== onnxruntime) {
    throw buildError(
      `Python's ONNX Runtime is ${version ?? "of no version that it told"}, Node's is ${onnxruntime}: recognition.tensorrt.python must name the interpreter of the same build`,
    );
  }
  const written = (await readdir(workspace)).filter((name) => name.endsWith("_ctx.onnx"));
  if (written.length !== 1) throw buildError(`the builder wrote ${written.length} engines, not 1`);
  return join(workspace, written[0] as string);
}

function outputOfBuilder(order: BuildOrder): Promise<string> {
  const { python, model, workspace, options, half, signal, background } = order;
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason);
    const child = spawn(python, [SCRIPT, model, JSON.stringify(options), ...(half ? ["half"] : [])], {
      cwd: workspace,
      // A group of its own, so that what it started ends with it.
      detached: true,
      stdio: ["ignore", "pipe", "pipe"],
    });
    if (background && child.pid !== undefined) lower(child.pid);
    const output = { stdout: "", stderr: "" };
    for (const stream of ["stdout", "stderr"] as const) {
      child[stream].setEncoding("utf8").on("data", (text: string) => {
        output[stream] = (output[stream] + text).slice(-KEPT_OUTPUT);
      });
    }
    const end = (how: NodeJS.Signals) => {
      try {
        if (child.pid !== undefined) process.kill(-child.pid, how);
      } catch {
        // It has ended already.
      }
    };
    let lastWord: NodeJS.Timeout | undefined;
    const stop = () => {
      end("SIGTERM");
      lastWord = setTimeout(() => end("SIGKILL"), KILL_AFTER_MS);
    };
    let late = false;
    const deadline = setTimeout(() => {
      late = true;
      stop();
    }, LONGEST_MS);
    signal.addEventListener("abort", stop, { once: true });
    const settle = () => {
      clearTimeout(deadline);
      clearTimeout(lastWord);
      signal.removeEventListener("abort", stop);
      end("SIGKILL");
    };
    child.once("error", (error) => {
      settle();
      reject(buildError(`${python} cannot be started (${reasonOf(error)}): set recognition.tensorrt.python`));
    });
    child.once("close", (status, killed) => {
      settle();
      if (signal.aborted) return reject(signal.reason);
      if (status === 0) return resolve(output.stdout);
      const words = output.stderr.trim().split("\n").at(-1) ?? "";
      const how = late ? "took too long" : killed ? `was ended by ${killed}` : `ended with ${status}`;
      reject(buildError(`the builder ${how}${words === "" ? "" : `: ${words}`}`));
    });
  });
}

function lower(pid: number): void {
  try {
    setPriority(pid, constants.priority.PRIORITY_LOW);
  } catch {
    // It has ended already; `close` tells how.
  }
}

export function buildError(reason: string): FlinchError {
  return new FlinchError("ENGINE_BUILD", `no TensorRT engine: ${reason}`);
}

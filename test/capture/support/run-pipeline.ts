import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

/** Debian's own Python: the GStreamer bindings are installed for no other. */
const PYTHON = "/usr/bin/python3";
const SCRIPT = fileURLToPath(new URL("run-pipeline.py", import.meta.url));

/** What came out of a pipeline: format, width, height and bytes of every frame, or why nothing did. */
export interface Ran {
  readonly sinks?: number;
  readonly shapes?: readonly (readonly [format: string, width: number, height: number, bytes: number])[];
  readonly error?: string;
}

/** Runs a Jetson's pipeline in real GStreamer, stock elements standing in for NVIDIA's. */
export async function runPipeline(pipeline: string, decoder = "identity", frames = 5): Promise<Ran> {
  const { stdout } = await promisify(execFile)(PYTHON, [SCRIPT, pipeline, decoder, String(frames)], {
    timeout: 110_000,
  });
  return JSON.parse(stdout) as Ran;
}

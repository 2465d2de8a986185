import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { zeros } from "./inputs.js";
import type { ModelEntry } from "./manifest.js";
import { type ExecutionProvider, InferenceSession } from "./onnxruntime.js";

interface ProfileEvent {
  readonly cat?: string;
  readonly args?: { readonly provider?: string };
}

/**
 * Runs a graph once under ONNX Runtime's profiler and counts its nodes by the provider that ran them: what is asked for
 * and what works are two things. Keys are ONNX Runtime's names, such as "TensorrtExecutionProvider".
 * @param declared the graph's entry in its manifest
 * @returns nothing where ONNX Runtime does not profile from Node: before 1.22 its binding passes over the wish
 * @throws what ONNX Runtime throws where the graph does not run
 */
export async function providersOfNodes(
  bytes: Uint8Array,
  executionProviders: readonly ExecutionProvider[],
  declared: Partial<ModelEntry> = {},
): Promise<Readonly<Record<string, number>>> {
  const directory = await mkdtemp(join(tmpdir(), "flinch-profile-"));
  try {
    const session = await InferenceSession.create(bytes, {
      executionProviders,
      intraOpNumThreads: 1,
      logSeverityLevel: 4,
      enableProfiling: true,
      profileFilePrefix: join(directory, "run"),
    });
    try {
      await session.run(zeros(session, declared));
      session.endProfiling();
    } finally {
      await session.release();
    }
    const [file] = await readdir(directory);
    if (file === undefined) return {};
    const events = JSON.parse(await readFile(join(directory, file), "utf8")) as ProfileEvent[];
    const counts: Record<string, number> = {};
    for (const { cat, args } of events) {
      if (cat === "Node" && args?.provider !== undefined) counts[args.provider] = (counts[args.provider] ?? 0) + 1;
    }
    return counts;
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

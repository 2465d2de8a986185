import type { CaptureStats, Pause } from "../../contract/index.js";
import type { Check, CheckResult } from "../../lib/check.js";
import { judgeRate } from "./pace.js";

/** Which execution provider runs HSTA in this process, held against the one that was wished for. */
export function runningInferenceCheck(
  provider: string,
  wished: readonly string[],
  engine: { readonly status: string; readonly key: string | null; readonly reason: string | null },
): Check {
  return {
    name: "inference",
    run: async () => {
      const detail = `HSTA runs on ${provider}${engine.status === "ready" ? ` with engine ${engine.key}` : ""}`;
      if (provider === wished[0]) return { status: "ok", detail };
      return {
        status: "warn",
        detail: `${detail}, not on ${wished[0]}${engine.reason === null ? "" : ` (${engine.status}: ${engine.reason})`}`,
        advice: engine.status === "missing" ? "build the engine: flinch warm" : "see docs/tensorrt.md",
      };
    },
  };
}

/** How the source is that this process reads. */
export function runningSourceCheck(description: string, stats: CaptureStats, pauses: readonly Pause[]): Check {
  return {
    name: "source",
    run: async (): Promise<CheckResult> => {
      if (pauses.length > 0) return { status: "ok", detail: `${description}: closed (${pauses.join(", ")})` };
      const { status, measuredFps, captured, dropped, lastError } = stats;
      const counted = `${captured} frames, ${dropped} dropped`;
      if (status === "streaming") {
        // A stream of one frame has no rate yet.
        const result = measuredFps > 0 ? judgeRate(measuredFps) : "ok";
        const detail = `${description}: ${measuredFps.toFixed(1)} fps, ${counted}; for micro-expressions ${result}`;
        return result === "ok" ? { status: "ok", detail } : { status: "warn", detail, advice: "see docs/cameras.md" };
      }
      const detail = `${description}: ${status}${lastError === undefined ? "" : ` (${lastError})`}, ${counted}`;
      if (status === "frozen")
        return { status: "fail", detail, advice: "restart the camera or what sends its stream; see source.frozenMs" };
      return { status: status === "lost" ? "fail" : "warn", detail, advice: "check source.kind and source.uri" };
    },
  };
}

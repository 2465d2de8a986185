import type { RequestName, RequestParameters } from "../../contract/index.js";
import { allWell } from "../../lib/check.js";
import type { RequestControls } from "./controls.js";
import type { RequestKind, RequestKinds } from "./request.js";

const SECOND = 1000;
const MINUTE = 60 * SECOND;

/** Every request that there is, done by these controls. contract/request.ts has the parameters of each. */
export function requestKinds(controls: RequestControls): RequestKinds {
  const kinds: { readonly [Name in RequestName]: RequestKind<RequestParameters[Name]> } = {
    "session/start": {
      timeoutMs: 30 * SECOND,
      run: async (parameters) => ({ data: await controls.startSession(parameters) }),
    },
    "session/stop": {
      timeoutMs: 30 * SECOND,
      run: async () => ({ data: await controls.stopSession() }),
    },
    status: {
      timeoutMs: 10 * SECOND,
      run: () => ({ data: controls.status() }),
    },
    diagnostics: {
      timeoutMs: MINUTE,
      run: async () => {
        const checks = await controls.diagnose();
        return { data: { ok: allWell(checks), checks } };
      },
    },
    restart: {
      timeoutMs: 30 * SECOND,
      run: async ({ scope = "process" }) => {
        if (scope === "process") return { data: { scope }, afterAnswer: controls.restartProcess() };
        await controls.restartPipeline();
        return { data: { scope } };
      },
    },
    "model/reload": {
      // TensorRT may build an engine meanwhile.
      timeoutMs: 15 * MINUTE,
      run: async () => ({ data: await controls.reloadModels() }),
    },
    "spotting/recalibrate": {
      timeoutMs: 10 * SECOND,
      run: () => ({ data: { faces: controls.recalibrate() } }),
    },
  };
  return new Map(Object.entries(kinds));
}

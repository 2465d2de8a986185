export type { EngineRecord } from "./engine.js";
export type { TensorRtSettings } from "./options.js";
export { EngineStore } from "./store.js";
export { tensorrtVersion } from "./tensorrt-version.js";
export { type EngineOutcome, type Hardware, lookUpEngine, realHardware, warmEngine } from "./warm.js";

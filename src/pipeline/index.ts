export type { Models } from "./assemble.js";
export { buildPipeline, openModels } from "./assemble.js";
export type { CoverageMs } from "./coverage.js";
export type { ObservedFace } from "./face-analysis.js";
export { LoadShedder } from "./load-shedder.js";
export type { Movement, MovementResult } from "./movement.js";
export { movementOf } from "./movement.js";
export type { NoEvent, Outcome, PipelineListener, PipelineStats } from "./pipeline.js";
export { Pipeline } from "./pipeline.js";

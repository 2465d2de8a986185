/**
 * What `import … from "flinch"` gives: the pipeline over files and frames, without camera, broker or daemon.
 * @packageDocumentation
 */
export type { Config, PartialConfig } from "../config/index.js";
export type { Context, Detection, Statement } from "../contract/index.js";
export { FlinchError } from "../lib/errors.js";
export type { Movement, MovementResult } from "../pipeline/index.js";
export type { AnalysisSummary } from "./analysis-summary.js";
export { summaryLine, summaryOf } from "./analysis-summary.js";
export { analyzeFile } from "./analyze-source.js";
export {
  type Analysis,
  type AnalysisSource,
  type AnalyzeOptions,
  analyze,
  type OpenPipeline,
  openPipeline,
} from "./open-pipeline.js";
export type { RawFrame } from "./raw-frames.js";

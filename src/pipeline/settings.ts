import type { Sensitivity } from "../contract/index.js";
import type { ReportSettings } from "../recognition/index.js";
import type { SpottingSettings } from "../spotting/index.js";

/** What may change while a pipeline works: it asks whenever one of them counts. */
export interface LiveSettings {
  readonly spotting: SpottingSettings & { readonly sensitivity: Sensitivity };
  readonly recognition: {
    readonly maxNone: number;
    readonly minEvidence: number | null;
    readonly minConfidence: number;
  } & ReportSettings;
}

/** What stays as it is for as long as a pipeline works. */
export interface PipelineSettings {
  readonly clip: { readonly seconds: number; readonly maxFps: number };
  /** Names the stream in the ids of its events. */
  readonly sourceId: string;
}

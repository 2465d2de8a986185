import type { AnalysisSummary } from "../api/index.js";
import type { ExportFormat } from "../archive/index.js";
import type { Config } from "../config/index.js";
import type { MadeWith } from "./manifest.js";
import type { Metadata } from "./sidecar.js";

/** What is written of every recording, beside its events, movements and summary. */
export interface Wishes {
  /** The motion itself. */
  readonly signals: boolean;
  readonly formats: readonly ExportFormat[];
  readonly page: boolean;
  /** Pictures of the face in the page. */
  readonly thumbnails: boolean;
}

/** How every recording of a run is analysed. */
export interface RunOptions {
  readonly config: Config;
  /** The folder of all results. */
  readonly out: string;
  readonly wishes: Wishes;
  readonly madeWith: Omit<MadeWith, "metadata">;
  /** Whether results that are not what an analysis now would give are made anew. */
  readonly resume: boolean;
}

/** One recording to be analysed. */
export interface Job {
  readonly path: string;
  readonly place: string;
  /** Folder of its results within `out`. */
  readonly name: string;
  readonly metadata: Metadata;
}

/** What became of a recording. */
export type Outcome =
  | { readonly state: "analysed" | "kept"; readonly summary: AnalysisSummary }
  /** It ended before it should have; what there was of it has results. */
  | { readonly state: "cut"; readonly summary: AnalysisSummary }
  | { readonly state: "failed"; readonly why: string };

import type { Job, Outcome, RunOptions } from "./job.js";

/** What a worker is told. */
export type ToWorker =
  | { readonly kind: "open"; readonly options: RunOptions }
  | { readonly kind: "job"; readonly job: Job }
  /** Drop what is under way and end. */
  | { readonly kind: "stop" };

/** What a worker tells. */
export type FromWorker =
  | { readonly kind: "progress"; readonly timeMs: number }
  | { readonly kind: "outcome"; readonly outcome: Outcome }
  /** Nothing can be analysed here, or its results not be written: the run ends. */
  | { readonly kind: "fatal"; readonly code: string; readonly why: string };

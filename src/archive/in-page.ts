/** What makes files of a recording without a file system: for a page in a browser. */
export { inBlocks } from "./blocks.js";
export { excerptSignals } from "./excerpt-signals.js";
export { type Ending, endings, exportFile } from "./files.js";
export { recordedMovement } from "./recorded-movement.js";
export type { RecordedLabel, Recording } from "./recording.js";

export { exportInto, exportRecording } from "./export.js";
export {
  type Content,
  type Ending,
  type ExportFormat,
  endings,
  exportFile,
  exportFormats,
} from "./files.js";
export { readFolder } from "./folder-recording.js";
export type { Recording } from "./recording.js";
export { RESULT_FILES } from "./result-files.js";
export { ResultFolder } from "./result-folder.js";
export { type FoundResults, resultsBelow } from "./result-tree.js";
export { type ReadableHistory, readSession, type SessionOptions } from "./session-recording.js";

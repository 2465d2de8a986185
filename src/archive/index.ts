export { type ExportFormat, exportFormats, exportResults } from "./export.js";
export { ResultFolder } from "./result-folder.js";
export { type Results, readResults } from "./results.js";

export { type ExportFormat, exportFormats, exportResults } from "./export.js";
export { type Results, readResults } from "./results.js";

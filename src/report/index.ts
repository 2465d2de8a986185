export { Inspection } from "./inspection.js";
export { pageOf } from "./page.js";
export { ReportFile } from "./report-file.js";
export { openTruth } from "./truth-file.js";

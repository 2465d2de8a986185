export type { CurveSet, FaceChart } from "./face-chart.js";
export { Inspection } from "./inspection.js";
export { pageOf } from "./page.js";
export type { ReportData, ReportedMovement } from "./report-data.js";
export { ReportFile } from "./report-file.js";
export { openTruth } from "./truth-file.js";

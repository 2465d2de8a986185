export type { CurveSet, FaceChart } from "./face-chart.js";
export { type AnalysisReport, openReport } from "./open-report.js";
export type { ReportData, ReportedMovement } from "./report-data.js";
export { ReportFile } from "./report-file.js";

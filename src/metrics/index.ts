export { type Stage, UNTOLD_ONLY, type Verdict } from "./live.js";
export { type MetricDescription, Metrics, type MetricsOptions } from "./metrics.js";
export { metricsPlugin } from "./plugin.js";
export { type MetricsServer, serveMetrics } from "./serve.js";

import { collectDefaultMetrics, type Registry } from "prom-client";

const PREFIX = "flinch_";

/** Gauges whose names end as only a counter's may; the same is in those without `_total`. */
const MISNAMED = ["nodejs_active_handles_total", "nodejs_active_requests_total", "nodejs_active_resources_total"];

/** What prom-client tells of process, memory and event loop. */
export function registerProcess(registry: Registry): void {
  collectDefaultMetrics({ register: registry, prefix: PREFIX });
  for (const name of MISNAMED) registry.removeSingleMetric(PREFIX + name);
}

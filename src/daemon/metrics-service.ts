import type { Config } from "../config/index.js";
import { type ReportLevel, valences } from "../contract/index.js";
import { progressSince } from "../device/index.js";
import type { Log } from "../lib/log.js";
import type { Metrics } from "../metrics/index.js";
import type { Controls } from "./controls.js";
import type { Counters } from "./counters.js";

export interface MetricsParts {
  readonly config: Config;
  readonly log: Log;
  readonly controls: Controls;
  /** Tells the metrics what it counts. */
  readonly counters: Pick<Counters, "tell">;
}

/** Metrics at work. */
export interface MetricsService {
  /** For a server that shows them too. */
  readonly metrics: Metrics;
  /** May be called twice. */
  close(): Promise<void>;
}

/**
 * Begins to measure, and serves it where `metrics.listen` says; undefined, and nothing is loaded, where that is empty
 * and there is no console to show it.
 * @throws FlinchError METRICS_UNAVAILABLE where the address cannot be listened on
 */
export async function openMetrics({
  config,
  log,
  controls,
  counters,
}: MetricsParts): Promise<MetricsService | undefined> {
  const { listen } = config.metrics;
  if (listen === "" && config.console.listen === "") return undefined;
  const { Metrics, serveMetrics } = await import("../metrics/index.js");
  const { labels } = controls.currentRun().models.recogniser.entry;
  const metrics = new Metrics({
    state: () => controls.state(),
    info: () => controls.info(),
    classes: classesAt(config.recognition.report, labels),
    progress: progressSince(() => controls.currentRun().work()),
    onClockStep: (ms) => log.warn({ ms: Math.round(ms) }, "the wall clock was set"),
  });
  counters.tell(metrics);
  try {
    const server = listen === "" ? undefined : await serveMetrics(listen, metrics, log);
    return {
      metrics,
      close: async () => {
        metrics.close();
        await server?.close();
      },
    };
  } catch (thrown) {
    metrics.close();
    throw thrown;
  }
}

/** What an event of this report level may be named, as far as the model knows it; nothing where it names nothing. */
function classesAt(report: ReportLevel, labels: readonly string[]): readonly string[] | undefined {
  if (report === "emotion") return labels.filter((label) => label !== "none");
  return report === "valence" ? valences : undefined;
}

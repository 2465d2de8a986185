import { spawnSync } from "node:child_process";
import type { Test } from "tap";
import type { Info, State } from "../../../src/contract/index.js";
import { Metrics, type MetricsOptions } from "../../../src/metrics/index.js";
import { sampleState } from "../../support/state.js";

const info = {
  schema: "flinch/info/1",
  device: "room-1",
  bootId: "boot",
  at: sampleState.broker.takeovers.lastAt,
  versions: { flinch: "1.0.0", node: "20", opencv: "4", onnxruntime: "1" },
  model: { name: "hsta", version: "1", sha256: "ab".repeat(32) },
  provider: "cpu",
  engine: null,
  purpose: "secret purpose",
  report: "emotion",
  evidence: null,
  capabilities: ["micro_expression"],
  schemas: [],
} satisfies Info;

/** Metrics of a device in some state, with what a test changes. */
export function metricsOf(t: Test, changes: Partial<MetricsOptions> = {}): Metrics {
  const metrics = new Metrics({ state: (): State => sampleState, info: () => info, ...changes });
  t.teardown(() => metrics.close());
  return metrics;
}

/** A value in Prometheus' text; undefined where there is no such series. Labels as `reason="blink"`, in any order. */
export function valueIn(text: string, name: string, ...labels: readonly string[]): number | undefined {
  for (const line of text.split("\n")) {
    const found = /^(\w+)(?:\{(.*)\})? (\S+)$/.exec(line);
    if (found?.[1] === name && labels.every((label) => found[2]?.split(",").includes(label))) return Number(found[3]);
  }
  return undefined;
}

/** Names of all metrics, with or without a value. */
export const namesIn = (text: string): string[] => [...text.matchAll(/^# TYPE (\w+) /gm)].map(([, name = ""]) => name);

/** Why a test that needs promtool is left out; false where it is here. */
export const promtoolMissing = (): string | false =>
  spawnSync("promtool", ["--version"]).status === 0 ? false : "needs the Debian package prometheus";

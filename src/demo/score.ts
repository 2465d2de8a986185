import {
  type Act,
  isMicroExpression,
  type Matching,
  matchIntervals,
  percentile,
  type Truth,
} from "../evaluation/index.js";
import type { Arrival } from "./arrival.js";

/** So many reported micro-expressions make the demonstration a success. */
export const ENOUGH = 3;

/** What arrived against what was to be seen. */
export interface Score extends Matching<Act, Arrival> {
  readonly expressions: number;
  readonly p95LatencyMs: number;
}

export function scoreOf({ events }: Truth, arrivals: readonly Arrival[]): Score {
  const expressions = events.filter(isMicroExpression);
  return {
    ...matchIntervals(expressions, arrivals),
    expressions: expressions.length,
    p95LatencyMs: percentile(
      arrivals.map((arrival) => arrival.arrivedAfterMs),
      0.95,
    ),
  };
}

/** The demonstration in one line. */
export function summaryOf({ matches, expressions, falseReports, p95LatencyMs }: Score): string {
  const latency = Number.isNaN(p95LatencyMs) ? "unknown" : `${Math.round(p95LatencyMs)} ms`;
  return `demo: reported ${matches.length} of ${expressions} micro-expressions, ${falseReports.length} false events, p95 latency ${latency}`;
}

import type { LoadOptions, LoadResult } from "./fleet-load.js";

const HEAD =
  "| broker | database | collectors | devices | events/s | kills | events | lost | twice | gaps | rows/s | to the row, p50 / p99 / max ms | to the broker's acknowledgement, p99 ms | behind at the end, s | collector | broker | database | devices |";

/** The table's head, and the line below it. */
export const tableHead = (): string => `${HEAD}\n${HEAD.replaceAll(/[^|]+/g, "---")}`;

/** One run as a row of the table. Of each part: most memory, and processors in use. */
export function tableRow(options: LoadOptions, result: LoadResult): string {
  const { delaysMs, parts } = result;
  const part = ({ peakMb, processors }: LoadResult["parts"]["broker"]) => `${peakMb} MB, ${processors.toFixed(2)}`;
  const cells = [
    options.broker,
    options.to,
    options.collectors,
    options.devices,
    options.devices * options.rate,
    result.kills,
    result.events,
    result.lost,
    result.twice,
    result.gaps,
    result.perSecond,
    `${delaysMs.p50} / ${delaysMs.p99} / ${delaysMs.max}`,
    result.acknowledgedMs.p99,
    result.drainedS,
    part(parts.collector),
    part(parts.broker),
    options.to === "duckdb" ? "in the collector" : part(parts.database),
    part(parts.devices),
  ];
  return `| ${cells.join(" | ")} |`;
}

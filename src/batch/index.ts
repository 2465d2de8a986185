export type { Outcome, Wishes } from "./job.js";
export { linesOf } from "./lines.js";
export { joined } from "./listeners.js";
export { madeWith } from "./manifest.js";
export { type Batch, type BatchOptions, runBatch } from "./run.js";
export { shardOf } from "./shard.js";
export { tableOf } from "./table.js";

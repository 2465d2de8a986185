export { type CollectOptions, collect, gapsIn } from "./collect.js";
export { type Target, targetOf } from "./database/index.js";
export type { Gap } from "./gaps.js";
export { type Partition, partitionOf } from "./partition.js";

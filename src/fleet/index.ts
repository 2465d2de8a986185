export {
  type CollectOptions,
  collect,
  type Gap,
  gapsIn,
  type Partition,
  partitionOf,
  type Target,
  targetOf,
} from "./collect/index.js";
export type { Device } from "./devices.js";
export { type Watched, watchFleet } from "./watch.js";

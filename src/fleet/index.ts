export type { Device } from "./devices.js";
export { type Watched, watchFleet } from "./watch.js";

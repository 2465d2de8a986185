export { memoryUse } from "./memory.js";
export { Notifier } from "./notify.js";
export type { Work } from "./progress.js";
export { progressSince } from "./progress.js";

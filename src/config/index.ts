export { renderConfigDocs } from "./docs.js";
export { ConfigInForce } from "./in-force.js";
export { type ConfigInput, type LoadedConfig, loadConfig } from "./load.js";
export { configFrom, type PartialConfig } from "./overlay.js";
export type { Config } from "./schema/index.js";
export { checkConfig, printConfig, printConfigSchema, redactedConfig } from "./show.js";
export { requirePurpose, requireSource } from "./together.js";

export { openBenchGraph } from "./bench-graph.js";
export type { GraphOptions } from "./graph.js";
export { CPU_ONLY, floats, Graph } from "./graph.js";
export type { Manifest, ModelEntry } from "./manifest.js";
export { loadManifest, readModel } from "./manifest.js";
export { providersOfNodes } from "./profile.js";
export { providerChain } from "./providers.js";

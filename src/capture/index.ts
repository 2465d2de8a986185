export { Gate } from "./gate.js";
export { L4T_RELEASE_FILE, onJetson } from "./jetson.js";
export { lengthOf } from "./length.js";
export { createSource } from "./source.js";
export type { SourceConfig } from "./source-config.js";
export { ThinOut } from "./thin-out.js";

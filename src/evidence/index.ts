export { ClipRecorder } from "./clip-recorder.js";
export { Clips, type KeptEvents } from "./clips.js";
export { evidenceCheck } from "./doctor.js";
export { findEncoder } from "./encoder.js";
export { Evidence, type EvidenceOptions, type Watching } from "./evidence.js";
export { readKey, writeKey } from "./key.js";
export { clipsFolder } from "./place.js";
export type { EvidenceSettings } from "./settings.js";

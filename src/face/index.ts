export { FaceDetector } from "./detector.js";
export type { FaceSettings } from "./face-stage.js";
export { FaceStage } from "./face-stage.js";
export { LandmarkFitter } from "./landmarks.js";

export type { Clip, ClipFrame } from "./clip.js";
export type { CropLayout } from "./crop-layout.js";
export type { Frame, FrameSource } from "./frame.js";
export type { Point, Similarity, Square } from "./geometry.js";
export { applySimilarity, invertSimilarity, pointsToCrop, rows, squareToCrop } from "./geometry.js";
export type { FaceMeasures } from "./measures.js";
export type { AlignedFace, FaceObservation, FacesInFrame } from "./observation.js";

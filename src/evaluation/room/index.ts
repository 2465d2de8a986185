export { type Gathered, gather } from "./gather.js";
export { scoreAt } from "./operating-point.js";
export { propose, type Wish } from "./proposal.js";
export { type Calibration, renderCalibration } from "./render.js";

/** Fewer frames a second than these show too little of a movement: nothing was ever measured below 30 (docs/spotting.md). */
export const LEAST_FPS = 25;
/** From here on even a movement of 40 ms, the shortest that is called a micro-expression, falls on two frames. */
export const GOOD_FPS = 50;
/** A gap between samples from which on the spotter begins anew, and what went on in it is lost. */
export const LONGEST_GAP_MS = 250;

import type { FaceObservation } from "../../stream/index.js";

/** Lines through points of MediaPipe's face mesh (Kartynnik et al. 2019), as its own drawing has them. */
const LINES = {
  oval: [
    10, 338, 297, 332, 284, 251, 389, 356, 454, 323, 361, 288, 397, 365, 379, 378, 400, 377, 152, 148, 176, 149, 150,
    136, 172, 58, 132, 93, 234, 127, 162, 21, 54, 103, 67, 109, 10,
  ],
  eyeLeft: [33, 7, 163, 144, 145, 153, 154, 155, 133, 173, 157, 158, 159, 160, 161, 246, 33],
  eyeRight: [263, 249, 390, 373, 374, 380, 381, 382, 362, 398, 384, 385, 386, 387, 388, 466, 263],
  browLeft: [70, 63, 105, 66, 107, 55, 65, 52, 53, 46, 70],
  browRight: [300, 293, 334, 296, 336, 285, 295, 282, 283, 276, 300],
  noseBridge: [168, 6, 197, 195, 5, 4],
  nostrils: [98, 97, 2, 326, 327],
  lipsOuter: [61, 146, 91, 181, 84, 17, 314, 405, 321, 375, 291, 409, 270, 269, 267, 0, 37, 39, 40, 185, 61],
  lipsInner: [78, 95, 88, 178, 87, 14, 317, 402, 318, 324, 308, 415, 310, 311, 312, 13, 82, 81, 80, 191, 78],
} as const;

/** How many points each line of an outline has. */
export const OUTLINE_LENGTHS: readonly number[] = Object.values(LINES).map(({ length }) => length);

const POINTS: readonly number[] = Object.values(LINES).flat();

/**
 * A face as a line drawing: x, y, x, y, … of every line's points, in hundredths of the eye distance from the middle of
 * its crop; undefined before landmarks were fitted.
 */
export function outlineOf({ mesh, eyeDistancePx, cropCentre }: FaceObservation): number[] | undefined {
  if (mesh === undefined) return undefined;
  const hundredths = (px: number): number => Math.round((100 * px) / eyeDistancePx);
  return POINTS.flatMap((i) => [
    hundredths((mesh[2 * i] ?? 0) - cropCentre.x),
    hundredths((mesh[2 * i + 1] ?? 0) - cropCentre.y),
  ]);
}

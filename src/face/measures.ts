import type { FaceMeasures } from "../stream/index.js";
import { eyeCentres, type Landmarks, pointOf } from "./landmarks.js";

/** Corners and lids of the eyes, lips and chin as points of MediaPipe's face mesh; "left" is the left of the image. */
const LEFT_LIDS = { outer: 33, inner: 133, upper: [160, 159, 158], lower: [144, 145, 153] } as const;
const RIGHT_LIDS = { outer: 263, inner: 362, upper: [387, 386, 385], lower: [373, 374, 380] } as const;
const LIPS = { left: 61, right: 291, upper: 13, lower: 14 } as const;
const FOREHEAD = 10;
const CHIN = 152;

/** Reads a face's shape and pose off its landmarks. */
export function measuresOf(landmarks: Landmarks, timeMs: number): FaceMeasures {
  const [left, right] = eyeCentres(landmarks);
  const distance = Math.hypot(right.x - left.x, right.y - left.y);
  const across = { x: (right.x - left.x) / distance, y: (right.y - left.y) / distance };
  // Along the face's own axes, so that a tilted head changes nothing.
  const at = (index: number) => {
    const { x, y } = pointOf(landmarks, index);
    return {
      x: (x * across.x + y * across.y) / distance,
      y: (y * across.x - x * across.y) / distance,
      z: (landmarks.z[index] ?? 0) / distance,
    };
  };
  const height = (indices: readonly number[]) => indices.reduce((sum, i) => sum + at(i).y, 0) / indices.length;
  const lids = ({ outer, inner, upper, lower }: typeof LEFT_LIDS | typeof RIGHT_LIDS) =>
    (height(lower) - height(upper)) / Math.abs(at(outer).x - at(inner).x);
  const [corner, other, upper, lower] = [at(LIPS.left), at(LIPS.right), at(LIPS.upper), at(LIPS.lower)];
  const [temple, opposite] = [at(LEFT_LIDS.outer), at(RIGHT_LIDS.outer)];
  const [forehead, chin] = [at(FOREHEAD), at(CHIN)];
  const degrees = (y: number, x: number) => (Math.atan2(y, x) * 180) / Math.PI;
  return {
    timeMs,
    lipGap: lower.y - upper.y,
    mouthWidth: other.x - corner.x,
    cornerLift: (upper.y + lower.y - corner.y - other.y) / 2,
    lidGap: Math.max(lids(LEFT_LIDS), lids(RIGHT_LIDS)),
    yaw: degrees(opposite.z - temple.z, opposite.x - temple.x),
    pitch: degrees(chin.z - forehead.z, chin.y - forehead.y),
  };
}

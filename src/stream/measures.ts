/** Shape and pose of one face at one moment. Lengths are in eye distances, angles in degrees. */
export interface FaceMeasures {
  /** When the landmarks were fitted, milliseconds of the stream. */
  readonly timeMs: number;
  /** Between the inner edges of the lips. */
  readonly lipGap: number;
  /** Between the corners of the mouth. */
  readonly mouthWidth: number;
  /** How far the corners of the mouth lie above the middle between the lips. */
  readonly cornerLift: number;
  /** Between the lids, over the width of the eye: the wider of both eyes (Soukupová and Čech 2016). */
  readonly lidGap: number;
  /** To the right of the image, and down; 0 for a face that looks into the camera. */
  readonly yaw: number;
  readonly pitch: number;
}

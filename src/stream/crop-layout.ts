/** Where the eye centres lie in the aligned crop, in fractions of its side: `crop` of the model's manifest entry. */
export interface CropLayout {
  readonly size: number;
  readonly leftEye: readonly [number, number];
  readonly rightEye: readonly [number, number];
}

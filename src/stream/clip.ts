/** One crop of a clip; `crop` is a view into the clip's memory. */
export interface ClipFrame {
  readonly timeMs: number;
  readonly crop: Uint8Array;
}

/** The last seconds of one face, by time. */
export interface Clip {
  /** Time of the oldest crop, milliseconds of the stream; undefined where there is none. */
  readonly oldestMs: number | undefined;
  /** The crop nearest to a moment; undefined where there is none. */
  nearest(timeMs: number): ClipFrame | undefined;
}

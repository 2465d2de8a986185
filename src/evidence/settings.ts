import type { ClipContent } from "../contract/index.js";

/** How the encoders are called in the configuration. */
export type EncoderChoice = "auto" | "x264" | "openh264" | "v4l2m2m" | "nvmpi";

/** The configuration's section `evidence`. */
export interface EvidenceSettings {
  readonly enabled: boolean;
  readonly what: ClipContent;
  readonly retentionDays: number;
  readonly maxMb: number;
  readonly keyFile: string;
  readonly encoder: EncoderChoice;
}

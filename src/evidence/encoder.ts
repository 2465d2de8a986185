import type { ClipContent } from "../contract/index.js";
import { FlinchError, reasonOf } from "../lib/errors.js";
import { outputOf } from "../lib/run-command.js";
import { FFMPEG, ffmpegOutput } from "./ffmpeg.js";
import type { Footage } from "./footage.js";
import { matroskaOf, TICKS_PER_MS } from "./matroska.js";
import type { EncoderChoice } from "./settings.js";
import { MAX_SIDE } from "./window.js";

/** What an encoder is called in ffmpeg, and how it is told to leave fine movements in. */
const ENCODERS: Readonly<Record<Exclude<EncoderChoice, "auto">, readonly string[]>> = {
  // The encoders of a Jetson, where ffmpeg was built for them.
  nvmpi: ["h264_nvmpi", "-b:v", "4M"],
  v4l2m2m: ["h264_v4l2m2m", "-b:v", "4M"],
  x264: ["libx264", "-preset", "veryfast", "-crf", "16", "-bf", "0", "-threads", "1"],
  openh264: ["libopenh264", "-b:v", "4M"],
};
const NAMES = Object.keys(ENCODERS) as (keyof typeof ENCODERS)[];

const TICKS_PER_S = String(1000 * TICKS_PER_MS);
/** Pictures of the clip that an encoder is tried with. */
const TRIAL = 8;
/** Side of the shipped model's crop. */
const CROP_SIDE = 112;

export interface Encoder {
  /** As ffmpeg calls it. */
  readonly name: string;
  /** The codec of what it makes. */
  readonly codec: string;
  /**
   * An MP4 of these pictures, each shown from when it was captured until the next, the last for a frame's time at most.
   * @throws Error what ffmpeg said
   */
  encode(footage: Pick<Footage, "side" | "stills">): Promise<Buffer>;
}

/**
 * Finds an encoder that works here, by trying it.
 * @param content what clips show, so that the trial's pictures are of such a size: some encoders have a least one
 * @throws FlinchError CONFIG_INVALID where ffmpeg is missing, or has none that works
 */
export async function findEncoder(wished: EncoderChoice, content: ClipContent): Promise<Encoder> {
  const version = await outputOf(FFMPEG, ["-hide_banner", "-version"]);
  if (version === undefined) throw unusable(`${FFMPEG} is not installed: apt-get install ffmpeg`);
  const listed = (await outputOf(FFMPEG, ["-hide_banner", "-encoders"])) ?? "";
  const known = NAMES.filter((name) => new RegExp(`\\s${ENCODERS[name][0]}\\s`).test(listed));
  const candidates = wished === "auto" ? known : known.filter((name) => name === wished);
  const failures: string[] = [];
  const side = content === "crop" ? CROP_SIDE : MAX_SIDE;
  for (const name of candidates) {
    const encoder = encoderOf(name, version);
    try {
      await encoder.encode({ side, stills: trialStills(side) });
      return encoder;
    } catch (thrown) {
      failures.push(`${encoder.name}: ${reasonOf(thrown)}`);
    }
  }
  const names = known.length === 0 ? "none that is known" : known.join(", ");
  throw unusable(
    failures.length > 0
      ? `no H.264 encoder of ffmpeg works (${failures.join("; ")})`
      : `ffmpeg has no H.264 encoder '${wished}', but ${names}; set evidence.encoder, or install another ffmpeg`,
  );
}

function encoderOf(name: keyof typeof ENCODERS, version: string): Encoder {
  const [encoder = "", ...how] = ENCODERS[name];
  // ffmpeg 5.1 calls it otherwise, and newer ones no longer know the old name.
  const passthrough = /^ffmpeg version n?([0-4]\.|5\.0)/.test(version) ? "-vsync" : "-fps_mode";
  const args = [
    ...["-hide_banner", "-loglevel", "error", "-nostdin", "-f", "matroska", "-i", "pipe:0", "-map", "0:v"],
    ...[passthrough, "passthrough", "-enc_time_base", `1:${TICKS_PER_S}`, "-pix_fmt", "yuv420p"],
    ...["-c:v", encoder, ...how],
    // The same pictures give the same bytes, and nothing about this machine.
    ...["-map_metadata", "-1", "-fflags", "+bitexact", "-flags", "+bitexact", "-video_track_timescale", TICKS_PER_S],
    // An MP4 that can be written to a pipe; its head comes first, so that it plays while it is still read.
    ...["-movflags", "frag_keyframe+empty_moov+default_base_moof", "-f", "mp4", "pipe:1"],
  ];
  return { name: encoder, codec: "h264", encode: (footage) => ffmpegOutput(args, matroskaOf(footage)) };
}

function trialStills(side: number): Footage["stills"] {
  const data = new Uint8Array(side * side * 3).fill(128);
  return Array.from({ length: TRIAL }, (_, i) => ({ timeMs: i * 33.3, data }));
}

function unusable(why: string): FlinchError {
  return new FlinchError("CONFIG_INVALID", `evidence.enabled needs ffmpeg: ${why}`);
}

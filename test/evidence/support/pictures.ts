import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { presentationTimes } from "../../capture/support/video.js";

const run = promisify(execFile);

/** Pictures of one grey each, lighter from one to the next, at these times. */
export function greys(side: number, timesMs: readonly number[]) {
  return timesMs.map((timeMs, i) => ({ timeMs, data: new Uint8Array(side * side * 3).fill(40 + 4 * (i % 50)) }));
}

/** What ffprobe says of a video, all frames decoded. */
export async function probed(directory: string, mp4: Uint8Array) {
  const path = join(directory, "probed.mp4");
  writeFileSync(path, mp4);
  const entries = "stream=codec_name,width,height,nb_read_frames:format=duration";
  const { stdout } = await run("ffprobe", [
    "-v",
    "error",
    "-count_frames",
    "-show_entries",
    entries,
    "-of",
    "json",
    path,
  ]);
  const { streams, format } = JSON.parse(stdout) as {
    streams: { codec_name: string; width: number; height: number; nb_read_frames: string }[];
    format: { duration: string };
  };
  const [stream] = streams;
  return {
    ...{ codec: stream?.codec_name, width: stream?.width, height: stream?.height },
    frames: Number(stream?.nb_read_frames),
    durationMs: 1000 * Number(format.duration),
    timesMs: await presentationTimes(path),
  };
}

/** What pictures and videos begin with, or hold; the words of MP4's boxes among them. */
const MAGICS: readonly (readonly [name: string, bytes: Buffer])[] = [
  ["JPEG", Buffer.from("ffd8ffe000104a464946", "hex")],
  ["JPEG with Exif", Buffer.from("ffd8ffe1", "hex")],
  ["JPEG without either", Buffer.from("ffd8ffdb0043", "hex")],
  ["PNG", Buffer.from("89504e470d0a1a0a", "hex")],
  ["MP4", Buffer.from("ftyp")],
  ["MP4 data", Buffer.from("mdat")],
  ["H.264 parameters", Buffer.from("0000000167", "hex")],
  ["WebP", Buffer.from("WEBP")],
  ["Matroska", Buffer.from("1a45dfa3", "hex")],
  ["uncompressed video", Buffer.from("V_UNCOMPRESSED")],
  ["age", Buffer.from("age-encryption.org")],
];

/** Which kinds of pictures these bytes hold, as base64 too. */
export function picturesIn(bytes: Buffer): string[] {
  const text = bytes.toString("latin1");
  const decoded = [...text.matchAll(/[A-Za-z0-9+/]{400,}/g)].map(([run]) => Buffer.from(run, "base64"));
  return MAGICS.filter(([, magic]) => [bytes, ...decoded].some((some) => some.includes(magic))).map(([name]) => name);
}

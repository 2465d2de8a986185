import { execFile } from "node:child_process";
import { promisify } from "node:util";

const run = promisify(execFile);

export async function ffmpeg(...args: string[]): Promise<void> {
  await run("ffmpeg", ["-v", "error", "-y", ...args]);
}

/** Frame n of the video is plain grey of value 16 + 4 n (then again from 16), so that a frame tells its number. */
export function countedFrames(fps: number, frames: number, size = "160x120"): string[] {
  const grey = "geq=lum='16+4*mod(N,50)':cb=128:cr=128";
  return ["-f", "lavfi", "-i", `color=size=${size}:rate=${fps},${grey}`, "-frames:v", String(frames)];
}

/** The frames' presentation times in milliseconds, from the first, as ffprobe sees them. */
export async function presentationTimes(path: string): Promise<number[]> {
  const args = ["-v", "error", "-select_streams", "v:0", "-show_entries", "frame=best_effort_timestamp_time"];
  const { stdout } = await run("ffprobe", [...args, "-of", "csv=p=0", path], { maxBuffer: 1 << 26 });
  const seconds = stdout
    .split("\n")
    .map((line) => Number.parseFloat(line))
    .filter((value) => Number.isFinite(value));
  const first = seconds[0] ?? 0;
  return seconds.map((value) => (value - first) * 1000);
}

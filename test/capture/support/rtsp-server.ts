import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

/** Debian's own Python: the GStreamer bindings are installed for no other. */
const PYTHON = "/usr/bin/python3";
const SCRIPT = fileURLToPath(new URL("rtsp-server.py", import.meta.url));

/** Why no RTSP server can run here; false where one can. */
export function rtspServerMissing(): string | false {
  try {
    const load = "import gi; gi.require_version('GstRtspServer', '1.0'); from gi.repository import GstRtspServer";
    execFileSync(PYTHON, ["-c", load], { stdio: "ignore" });
    return false;
  } catch {
    return "needs the Debian packages python3-gi, gir1.2-gst-rtsp-server-1.0 and gstreamer1.0-plugins-{base,good,bad,ugly}";
  }
}

/** Starts the server, and waits until it accepts connections. */
export async function startRtspServer(
  port: number,
  codec: "h264" | "h265" = "h264",
  pattern: "ball" | "white" = "ball",
): Promise<ChildProcess> {
  const child = spawn(PYTHON, [SCRIPT, String(port), codec, pattern], { stdio: ["ignore", "pipe", "inherit"] });
  await Promise.race([
    once(child.stdout, "data"),
    once(child, "exit").then(() => {
      throw new Error("the RTSP server did not start");
    }),
  ]);
  return child;
}

/** Ends a child at once, as a power cut would. */
export async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, "exit");
  child.kill("SIGKILL");
  await gone;
}

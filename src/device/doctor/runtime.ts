import type { Check } from "../../lib/check.js";

/** The first with zlib.crc32. */
const LOWEST_NODE = "20.15";

export function nodeCheck(version: string = process.versions.node): Check {
  return {
    name: "node",
    run: async () => {
      const collator = new Intl.Collator("en", { numeric: true });
      if (collator.compare(version, LOWEST_NODE) >= 0)
        return { status: "ok", detail: `${version} (${process.platform} ${process.arch})` };
      return { status: "fail", detail: version, advice: `install Node ${LOWEST_NODE} or newer` };
    },
  };
}

/** Loads OpenCV only when it is run: a doctor must be able to say that the binding is missing. */
export function opencvCheck(load: () => Promise<{ cv: OpenCvInfo }> = () => import("../../runtime/opencv.js")): Check {
  return {
    name: "opencv",
    run: async () => {
      const cv = await load().then(
        (loaded) => loaded.cv,
        () => undefined,
      );
      if (cv === undefined) {
        return { status: "fail", detail: "the OpenCV binding does not load", advice: "build it: npm run setup" };
      }
      const backends = videoBackends(cv.getBuildInformation());
      const { major, minor, revision } = cv.version;
      const detail = `${major}.${minor}.${revision} with ${backends.length > 0 ? backends.join(", ") : "no video backend"}`;
      if (backends.length === 0)
        return { status: "fail", detail, advice: "install an OpenCV built with GStreamer or FFmpeg" };
      if (backends.includes("FFmpeg")) return { status: "ok", detail };
      return { status: "warn", detail, advice: "files, RTSP off the Jetson and HTTP streams need FFmpeg in OpenCV" };
    },
  };
}

export interface OpenCvInfo {
  readonly version: { readonly major: number; readonly minor: number; readonly revision: number };
  getBuildInformation(): string;
}

/** The ways to read video that OpenCV was built with, by its own account. */
export function videoBackends(buildInformation: string): string[] {
  const marks: readonly (readonly [string, RegExp])[] = [
    ["FFmpeg", /FFMPEG:\s+YES/],
    ["GStreamer", /GStreamer:\s+YES/],
    ["V4L2", /v4l\/v4l2:\s+YES/],
  ];
  return marks.filter(([, mark]) => mark.test(buildInformation)).map(([name]) => name);
}

/**
 * The one place that loads OpenCV. The package probes its build on import and reports that on standard output,
 * which belongs to events: its reports are switched off before it loads.
 */
import { createRequire } from "node:module";
import type * as OpenCV from "@u4/opencv4nodejs";

// The package reads these at import; set here, not by the user, because an import must never print.
process.env["OPENCV4NODEJS_DISABLE_AUTOBUILD"] ??= "1";
// OpenCV's warnings about a source reach the log as our own errors; its prose would stand among the JSON.
process.env["OPENCV_LOG_LEVEL"] ??= "ERROR";

const require = createRequire(import.meta.url);

function loadQuietly(): typeof OpenCV {
  const write = process.stdout.write;
  process.stdout.write = (() => true) as typeof process.stdout.write;
  try {
    return require("@u4/opencv4nodejs") as typeof OpenCV;
  } finally {
    process.stdout.write = write;
  }
}

export const cv = loadQuietly();
export type { Mat } from "@u4/opencv4nodejs";

import type { About } from "./about.js";
import type { Inspected } from "./inspection.js";
import { percent, type Settings, seconds } from "./words.js";

export type Fact = readonly [name: string, value: string];

/** How long the video is, and what it was analysed with. */
export function factsOf({ settings }: About, { frames, faces, facesLeftOut }: Inspected): Fact[] {
  const { spotting, recognition } = settings;
  const spanMs = frames.lastMs - frames.firstMs;
  const fps = frames.count > 1 && spanMs > 0 ? ((frames.count - 1) * 1000) / spanMs : undefined;
  return [
    ["Duration", seconds(spanMs + (fps === undefined ? 0 : 1000 / fps))],
    ["Frames", `${frames.count}`],
    ["Frames a second", fps === undefined ? "unknown" : fps.toFixed(2)],
    ["Faces", `${faces.length + facesLeftOut}`],
    ["spotting.method", spotting.method],
    ["spotting.minMs, maxMs", `${spotting.minMs}, ${spotting.maxMs} ms`],
    ...spotterFacts(settings),
    ["recognition.maxNone, minConfidence", `${percent(recognition.maxNone)}, ${percent(recognition.minConfidence)}`],
    ["recognition.report", recognition.report],
  ];
}

/** Of the settings those that the spotter in use looks at. */
function spotterFacts({ spotting, recognition }: Settings): Fact[] {
  if (spotting.method === "learned") {
    const least: Fact =
      recognition.minEvidence === null
        ? ["spotting.sensitivity", spotting.sensitivity]
        : ["recognition.minEvidence", `${recognition.minEvidence}`];
    return [["spotting.minProbability", percent(spotting.minProbability)], least];
  }
  const gate = (isOn: boolean) => (isOn ? "on" : "off");
  return [
    ["spotting.threshold", `${spotting.threshold} × noise`],
    ["spotting.refractoryMs", `${spotting.refractoryMs} ms`],
    ["spotting.blinkGate, headMotionGate", `${gate(spotting.blinkGate)}, ${gate(spotting.headMotionGate)}`],
  ];
}

/**
 * Draws docs/images/demo.svg from what `flinch analyze` says about the bundled video: two frames of one reported
 * expression, and the motion signal with what was to be seen and what was reported. Needs ffmpeg and `npm run build`.
 */
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { matchIntervals } from "../dist/evaluation/match.js";

process.chdir(dirname(dirname(fileURLToPath(import.meta.url))));
const VIDEO = "demo/video.mp4";
const WIDTH = 960;
const [LEFT, RIGHT] = [24, WIDTH - 24];
const [TOP, PICTURE_WIDTH] = [20, 448];
const PICTURE_HEIGHT = (PICTURE_WIDTH * 3) / 4;
const BASE = TOP + PICTURE_HEIGHT + 190;
const SIGNAL_HEIGHT = 110;
/** Displacement at the top of the plot, thousandths of the eye distance. */
const FULL = 60;

const truth = JSON.parse(readFileSync("demo/truth.json", "utf8"));
const x = (ms) => (LEFT + ((RIGHT - LEFT) * ms) / truth.durationMs).toFixed(1);

function analyse() {
  const text = execFileSync(process.execPath, ["dist/main.js", "analyze", VIDEO, "--signals"], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
    maxBuffer: 1 << 28,
  });
  const lines = text.trim().split("\n").map(JSON.parse);
  return { samples: lines.filter((line) => line.kind === "sample"), events: lines.filter((line) => line.label) };
}

const unitsOf = (units) => `action unit${units.length === 1 ? "" : "s"} ${units.join(" + ")}`;
const namedBy = ({ actionUnits }) =>
  Object.entries(actionUnits)
    .filter(([, probability]) => probability > 0.5)
    .map(([name]) => name.replace("AU", ""));

const median = (values) => values.sort((a, b) => a - b)[values.length >> 1];

/** The largest displacement of a region at each sample, against its own median of the second around. */
function signalOf(samples) {
  const around = Math.round(truth.fps / 2);
  return samples.map(({ timeMs, displacement }, n) => {
    const near = samples.slice(Math.max(0, n - around), n + around + 1);
    const moved = displacement.map((value, k) => value - median(near.map((sample) => sample.displacement[k])));
    const lengths = moved.flatMap((value, k) => (k % 2 === 0 ? [Math.hypot(value, moved[k + 1])] : []));
    return { timeMs, moved: Math.max(...lengths) };
  });
}

function picture(ms, at, caption) {
  const filters = ["-frames:v", "1", "-vf", `scale=${PICTURE_WIDTH * 1.5}:-1`, "-f", "mjpeg", "-q:v", "4", "-"];
  const jpeg = execFileSync("ffmpeg", ["-v", "error", "-ss", String(ms / 1000), "-i", VIDEO, ...filters]);
  const data = `data:image/jpeg;base64,${jpeg.toString("base64")}`;
  return `<image x="${at}" y="${TOP}" width="${PICTURE_WIDTH}" height="${PICTURE_HEIGHT}" href="${data}"/>
<text x="${at}" y="${TOP + PICTURE_HEIGHT + 18}">${caption}</text>`;
}

const bars = (intervals, y, className) =>
  intervals.map(
    ({ onsetMs, offsetMs }) =>
      `<rect class="${className}" x="${x(onsetMs)}" y="${y}" width="${(x(offsetMs) - x(onsetMs)).toFixed(1)}" height="12"/>`,
  );

function figure({ samples, events }) {
  const expressions = truth.events.filter((act) => act.kind === "micro_expression");
  const others = truth.events.filter((act) => act.kind !== "micro_expression");
  const hits = matchIntervals(expressions, events).matches;
  const [{ truth: act, report: best }] = [...hits].sort((a, b) => b.report.spotting.score - a.report.spotting.score);
  const y = (moved) => (BASE - (SIGNAL_HEIGHT * Math.min(moved, FULL)) / FULL).toFixed(1);
  const path = signalOf(samples).map(({ timeMs, moved }) => `${x(timeMs)},${y(moved)}`);
  const seconds = Array.from({ length: Math.floor(truth.durationMs / 5000) + 1 }, (_, n) => n * 5);
  const at = (ms) => `${(ms / 1000).toFixed(2)} s`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${BASE + 110}" font-family="sans-serif" font-size="13">`,
    "<style>rect.seen{fill:#2a9d5c}rect.said{fill:#2f6fde}rect.other{fill:#b9b9b9}text{fill:#333}</style>",
    `<rect width="${WIDTH}" height="${BASE + 110}" fill="#fff"/>`,
    picture(best.onsetMs, LEFT, `onset, ${at(best.onsetMs)}`),
    picture(
      best.apexMs,
      RIGHT - PICTURE_WIDTH,
      `apex, ${at(best.apexMs)}: ${unitsOf(act.actionUnits)} in the script, ${unitsOf(namedBy(best))} reported`,
    ),
    `<text x="${LEFT}" y="${BASE - SIGNAL_HEIGHT - 12}">largest movement of a face region, head motion removed (top: ${FULL / 10} % of the eye distance)</text>`,
    `<polyline fill="none" stroke="#444" stroke-width="1" points="${path.join(" ")}"/>`,
    `<line x1="${LEFT}" x2="${RIGHT}" y1="${BASE}" y2="${BASE}" stroke="#999"/>`,
    ...seconds.map((s) => `<text x="${x(s * 1000)}" y="${BASE + 16}" text-anchor="middle">${s}</text>`),
    ...bars(others, BASE + 26, "other"),
    ...bars(expressions, BASE + 46, "seen"),
    ...bars(events, BASE + 66, "said"),
    `<rect class="other" x="${LEFT}" y="${BASE + 88}" width="12" height="12"/><text x="${LEFT + 18}" y="${BASE + 99}">blinks, speech, gaze, nods</text>`,
    `<rect class="seen" x="${LEFT + 220}" y="${BASE + 88}" width="12" height="12"/><text x="${LEFT + 238}" y="${BASE + 99}">micro-expressions in the video</text>`,
    `<rect class="said" x="${LEFT + 460}" y="${BASE + 88}" width="12" height="12"/><text x="${LEFT + 478}" y="${BASE + 99}">reported by Flinch</text>`,
    "</svg>",
  ].join("\n");
}

writeFileSync("docs/images/demo.svg", `${figure(analyse())}\n`);

/**
 * Flinch beside other programs, on the same frames and the same cores, one after the other, several times over: the
 * machine's speed may waver, so each round has its own ratios.
 *
 *   node bench/peers.mjs [--rounds 5] [--video demo/video.mp4] [--markdown]
 *
 * Peers come from PyPI into ~/.cache/flinch-bench, once; HSTA in PyTorch runs where `npm run test:training` has made
 * its environment. What cannot be had is left out, and said so.
 */
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdirSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

process.chdir(fileURLToPath(new URL("..", import.meta.url)));

/** The last version with Face Mesh as a solution, with its graph in the package. */
const PEERS = ["mediapipe==0.10.21"];
const CACHE = join(process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache"), "flinch-bench");
const TRAINING = "training/.venv/bin/python";

const { values: options } = parseArgs({
  options: {
    rounds: { type: "string", default: "5" },
    video: { type: "string", default: "demo/video.mp4" },
    markdown: { type: "boolean", default: false },
  },
});
const rounds = Number(options.rounds);
if (!Number.isInteger(rounds) || rounds < 1) throw new Error(`--rounds ${options.rounds}: give a whole number from 1`);

/** The Python that has the peers. */
function peersPython() {
  const python = join(CACHE, "peers/bin/python");
  if (existsSync(join(CACHE, "peers/.done"))) return python;
  mkdirSync(CACHE, { recursive: true });
  execFileSync("python3", ["-m", "venv", join(CACHE, "peers")]);
  const install = spawnSync(python, ["-m", "pip", "install", "--quiet", ...PEERS], {
    stdio: ["ignore", "ignore", "inherit"],
  });
  if (install.status !== 0) return undefined;
  execFileSync("touch", [join(CACHE, "peers/.done")]);
  return python;
}

function run(program, args) {
  const { status, stdout } = spawnSync(program, args, { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
  return status === 0 ? JSON.parse(stdout.trim().split("\n").at(-1)) : undefined;
}

const python = peersPython();
const peer = (name) => () => python && run(python, ["bench/peers/peers.py", name, options.video]);

/** What is measured, in what, and how it is taken from an answer. */
const CONTENDERS = [
  {
    name: "Flinch, faces and motion",
    unit: "frames/s",
    measure: () => run("node", ["dist/main.js", "bench", options.video, "--json", "--recognition.providers=cpu"]),
    figures: ({ perFrameFps, hsta, sgemmGflops, hstaRatio, rssMb }) => ({
      "Flinch, faces and motion": perFrameFps,
      "HSTA, a clip": hsta.p50,
      "HSTA over its multiply-adds": hstaRatio,
      "matrix product (ONNX Runtime)": sgemmGflops,
      "Flinch, resident memory": rssMb,
    }),
  },
  { measure: peer("mesh"), figures: ({ fps }) => ({ "MediaPipe Face Mesh": fps }) },
  { measure: peer("mesh-refined"), figures: ({ fps }) => ({ "MediaPipe Face Mesh, refined": fps }) },
  { measure: peer("dis"), figures: ({ fps }) => ({ "DIS flow of 112 × 112 alone": fps }) },
  { measure: peer("sgemm"), figures: ({ gflops }) => ({ "matrix product (NumPy)": gflops }) },
  { measure: peer("copy"), figures: ({ gbps }) => ({ "copy of memory": gbps }) },
  {
    measure: () => existsSync(TRAINING) && run(TRAINING, ["bench/peers/eager.py"]),
    figures: ({ ms }) => ({ "HSTA in PyTorch, a clip": ms }),
  },
];
const UNITS = {
  "Flinch, faces and motion": "frames/s",
  "MediaPipe Face Mesh": "frames/s",
  "MediaPipe Face Mesh, refined": "frames/s",
  "DIS flow of 112 × 112 alone": "frames/s",
  "HSTA, a clip": "ms",
  "HSTA in PyTorch, a clip": "ms",
  "HSTA over its multiply-adds": "×",
  "matrix product (ONNX Runtime)": "GFLOP/s",
  "matrix product (NumPy)": "GFLOP/s",
  "copy of memory": "GB/s",
  "Flinch, resident memory": "MB",
};
/** Ratios of a round: above 1 Flinch is the faster. */
const RATIOS = [
  ["Flinch, faces and motion", "MediaPipe Face Mesh"],
  ["Flinch, faces and motion", "MediaPipe Face Mesh, refined"],
  ["HSTA in PyTorch, a clip", "HSTA, a clip"],
];

const found = new Map();
for (let round = 1; round <= rounds; round++) {
  // The order turns, so that nobody is always the one after whoever heats the machine.
  for (let i = 0; i < CONTENDERS.length; i++) {
    const { measure, figures } = CONTENDERS[(i + round - 1) % CONTENDERS.length];
    const answer = measure();
    if (!answer) continue;
    for (const [name, value] of Object.entries(figures(answer))) {
      if (value === null) continue;
      const values = found.get(name) ?? new Array(rounds).fill(undefined);
      values[round - 1] = value;
      found.set(name, values);
    }
  }
  process.stderr.write(`round ${round} of ${rounds}\n`);
}

const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
const short = (value) => (value >= 100 ? value.toFixed(0) : value.toPrecision(3));
const spread = (values) => [median(values), Math.min(...values), Math.max(...values)].map(short);
const rows = [];
for (const [name, unit] of Object.entries(UNITS)) {
  const values = found.get(name)?.filter((value) => value !== undefined);
  rows.push(values?.length ? [name, ...spread(values), unit] : [name, "not here", "", "", unit]);
}
for (const [over, under] of RATIOS) {
  const [a, b] = [found.get(over), found.get(under)];
  const ratios = (a ?? []).flatMap((value, i) => (value && b?.[i] ? [value / b[i]] : []));
  if (ratios.length > 0) rows.push([`${over} / ${under}`, ...spread(ratios), "×"]);
}
const header = ["", "median", "least", "most", ""];
if (options.markdown) {
  const line = (cells) => `| ${cells.join(" | ")} |`;
  console.log([line(header), "|---|---|---|---|---|", ...rows.map(line)].join("\n"));
} else {
  const width = Math.max(...rows.map(([name]) => name.length));
  for (const [name, ...cells] of [header, ...rows])
    console.log(name.padEnd(width), ...cells.map((cell, i) => (i < 3 ? cell.padStart(9) : cell)));
}

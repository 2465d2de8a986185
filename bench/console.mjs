/**
 * What the console costs the pipeline: processor time and frames a second of a daemon that reads a file as fast as it
 * can, without a console, with one that nobody watches, and with one that 100 browsers follow without reading; in turn,
 * several times. Processor time is the surer figure where the machine does other work besides.
 * Build first: `npm run setup`.
 *
 *   node bench/console.mjs [ROUNDS]
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const rounds = Number(process.argv[2] ?? 3);
const BROWSERS = 100;

/** A browser that asks for the live view and never reads. */
async function follow(url) {
  const { hostname, port, host } = new URL(url);
  const socket = connect(Number(port), hostname);
  socket.on("error", () => undefined);
  await once(socket, "connect");
  socket.pause();
  socket.write(`GET /api/live HTTP/1.1\r\nHost: ${host}\r\nX-Flinch: 1\r\n\r\n`);
  return socket;
}

/** Processor seconds of a process so far, of all its threads (proc(5): fields 14 and 15, in hundredths). */
function processorSeconds(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1].split(" ");
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

/** Frames a second between the first frame and the last, and processor milliseconds a frame. */
async function run(browsers) {
  const place = mkdtempSync(join(tmpdir(), "flinch-bench-"));
  const settings = [
    "--source.kind=file",
    "--source.uri=demo/video.mp4",
    "--source.pace=fast",
    "--recognition.providers=cpu",
  ];
  const places = [`--outbox.directory=${place}/outbox`, `--state.directory=${place}/state`, "--mqtt.embeddedPort=0"];
  const listen = browsers === undefined ? [] : ["--console.listen=127.0.0.1:0"];
  const daemon = spawn(process.execPath, ["dist/main.js", "run", ...settings, ...places, ...listen], {
    cwd: root,
    stdio: ["ignore", "ignore", "pipe"],
  });
  const sockets = [];
  let began;
  let ended;
  let captured = 0;
  let before = 0;
  let used = 0;
  for await (const line of createInterface({ input: daemon.stderr })) {
    const entry = JSON.parse(line);
    if (entry.msg === "console listening") {
      for (let i = 0; i < (browsers ?? 0); i++) sockets.push(await follow(entry.url));
    }
    if (entry.msg === "watching") {
      began = Date.parse(entry.time);
      before = processorSeconds(daemon.pid);
    }
    if (entry.msg === "the source has ended") {
      ended = Date.parse(entry.time);
      captured = entry.captured;
      used = processorSeconds(daemon.pid) - before;
    }
  }
  for (const socket of sockets) socket.destroy();
  rmSync(place, { recursive: true, force: true });
  return { rate: captured / ((ended - began) / 1000), cost: (1000 * used) / captured };
}

const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
const spread = (values, digits) => `${Math.min(...values).toFixed(digits)}–${Math.max(...values).toFixed(digits)}`;
const cases = {
  "no console": undefined,
  "console, nobody watches": 0,
  [`console, ${BROWSERS} that do not read`]: BROWSERS,
};
const found = Object.fromEntries(Object.keys(cases).map((name) => [name, []]));
for (let round = 0; round < rounds; round++) {
  for (const [name, browsers] of Object.entries(cases)) found[name].push(await run(browsers));
}
const of = (name, what) => found[name].map((each) => each[what]);
const base = median(of("no console", "cost"));
for (const name of Object.keys(cases)) {
  const [costs, rates] = [of(name, "cost"), of(name, "rate")];
  const cost = `${median(costs).toFixed(1)} ms of processor a frame (${spread(costs, 1)}), ${(median(costs) / base).toFixed(2)} ×`;
  console.log(`${name.padEnd(32)} ${cost}; ${Math.round(median(rates))} frames/s (${spread(rates, 0)})`);
}

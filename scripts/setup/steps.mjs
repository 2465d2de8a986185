/**
 * Runs the steps of the set-up, some of them side by side, and tells a person how they go: a spinner with what is
 * under way on a terminal, and one line for each step when it is done.
 */
import { spawn } from "node:child_process";

const FRAMES = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"];
const terminal = process.stderr.isTTY === true;
const running = new Map();
let timer;
let tick = 0;

const seconds = (since) => `${((Date.now() - since) / 1000).toFixed(1)} s`;

function draw() {
  const under = [...running].map(([name, since]) => `${name} ${seconds(since)}`).join(" · ");
  const line = `${FRAMES[tick++ % FRAMES.length]} ${under}`.slice(0, (process.stderr.columns || 80) - 1);
  process.stderr.write(`\r\x1b[K${line}`);
}

function tell(line) {
  process.stderr.write(`${terminal ? "\r\x1b[K" : ""}${line}\n`);
}

/**
 * Runs `work` as the step `name`. What it returns is said of it; nothing is said of a step that returns undefined,
 * which had nothing to do.
 */
export async function step(name, work) {
  const since = Date.now();
  running.set(name, since);
  if (terminal) timer ??= setInterval(draw, 100);
  // Without a terminal, a step that takes long should not look like a hang.
  const notice = terminal ? undefined : setTimeout(() => tell(`… ${name}`), 2000);
  try {
    const said = await work();
    if (said !== undefined) tell(`✓ ${name}: ${said} (${seconds(since)})`);
  } catch (thrown) {
    tell(`✗ ${name} (${seconds(since)})`);
    throw thrown;
  } finally {
    clearTimeout(notice);
    running.delete(name);
    if (running.size === 0 && timer) {
      clearInterval(timer);
      timer = undefined;
      process.stderr.write("\r\x1b[K");
    }
  }
}

/** Runs a program to its end; throws with the end of its output when it fails. */
export function execute(program, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: ["ignore", "pipe", "pipe"], ...options });
    let output = "";
    const keep = (chunk) => {
      output = (output + chunk).slice(-8000);
    };
    child.stdout.on("data", keep);
    child.stderr.on("data", keep);
    child.on("error", reject);
    child.on("close", (status) => {
      if (status === 0) resolve(output);
      else reject(new Error(`${program} ${args.join(" ")} ended with ${status}:\n${output.trim()}`));
    });
  });
}

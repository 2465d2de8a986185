/**
 * Runs tap and tells what a person wants to see: a line for each test file, of a failed one everything that failed
 * with its diagnosis, and as the last line of all how many assertions passed and failed.
 *
 *   node scripts/run-tap.mjs [FILE…]
 */
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";

const FILE_END = /^(not )?ok \d+ - (\S+)(?:.*?# (.*))?$/;
/** Lines of a failed file that say nothing about what failed. */
const UNTELLING = /^\s*(ok \d|\d+\.\.\d+|# (Subtest|time)|$)/;
const SUMMARY = /^# \{ (.*) \}$/;

/** { pass, fail, skip, todo } from tap's closing comment. */
export function countsOf(summary) {
  const counts = { pass: 0, fail: 0, skip: 0, todo: 0 };
  for (const [, name, number] of summary.matchAll(/(\w+): (\d+)/g)) counts[name] = Number(number);
  return counts;
}

/** Takes tap's output line by line; `print` gets what is to be shown. */
export class Report {
  #block = [];
  #counts;

  constructor(print) {
    this.print = print;
  }

  line(line) {
    const end = FILE_END.exec(line);
    const summary = SUMMARY.exec(line);
    if (end) this.#fileEnded(end);
    else if (summary) this.#counts = countsOf(summary[1]);
    else if (this.#block.length < 5000) this.#block.push(line);
  }

  #fileEnded([line, failed, file, note]) {
    if (failed) {
      this.print(line);
      for (const each of this.#block) if (!UNTELLING.test(each)) this.print(each);
    } else {
      this.print(`ok - ${file}${note ? ` # ${note}` : ""}`);
      // A skipped test says why: what was not tested must not look as if it had been.
      for (const each of this.#block) if (/# SKIP/i.test(each)) this.print(each);
    }
    this.#block = [];
  }

  /** Prints what is left and the closing line; true when everything passed. `status` is tap's own. */
  end(status) {
    const counts = this.#counts ?? countsOf("");
    const failed = Math.max(counts.fail, status === 0 ? 0 : 1);
    // Without a count tap itself broke down, and what it said last is all there is.
    if (!this.#counts) for (const each of this.#block) this.print(each);
    if (counts.skip + counts.todo > 0) this.print(`${counts.skip} skipped, ${counts.todo} to do`);
    this.print(`${counts.pass} passed, ${failed} failed`);
    return failed === 0;
  }
}

/** Runs tap on these files (all, when none is given); true when everything passed. */
export function runTap(files) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ["node_modules/tap/dist/esm/run.mjs", "run", "-R", "tap", ...files], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const report = new Report((line) => console.log(line));
    createInterface({ input: child.stdout }).on("line", (line) => report.line(line));
    child.on("error", reject);
    child.on("close", (status) => resolve(report.end(status)));
  });
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  process.exitCode = (await runTap(process.argv.slice(2))) ? 0 : 1;
}

/**
 * Boards get the ONNX Runtime that goes with their JetPack (scripts/jetson/versions.tsv), not npm's: each of them, from
 * npm and on this machine's CPU, must run all that Flinch ships and say what the current one says.
 */
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import t from "tap";
import { EVERY_CANDIDATE, shortVideo } from "../support/demo.js";
import { NotFetched, npmPackage } from "../support/npm-package.js";
import { releaseWith } from "../support/release.js";

t.setTimeout(600_000);

const run = promisify(execFile);
const RUN_GRAPHS = fileURLToPath(new URL("support/run-graphs.mjs", import.meta.url));
const OTHER_SYSTEMS = ["package/bin/*/darwin", "package/bin/*/win32"];

interface Told {
  readonly versions: readonly string[];
  readonly graphs: Readonly<Record<string, Readonly<Record<string, readonly number[]>>>>;
}

async function node(release: string, ...args: string[]): Promise<string> {
  const { stdout } = await run(process.execPath, args, { cwd: release, maxBuffer: 2 ** 28 });
  return stdout;
}

const graphsOf = async (release: string) => JSON.parse(await node(release, RUN_GRAPHS, release)) as Told;

/** What a person would read of the events of a video. */
async function eventsOf(release: string, video: string) {
  const lines = (await node(release, "dist/main.js", "analyze", video, ...EVERY_CANDIDATE)).trim().split("\n");
  return lines.map((line) => {
    const { kind, label, onsetMs, apexMs, offsetMs } = JSON.parse(line) as Record<string, unknown>;
    return { kind, label, onsetMs, apexMs, offsetMs };
  });
}

/** Versions in the table; a row that has none says "-". */
const versions = readFileSync("scripts/jetson/versions.tsv", "utf8")
  .split("\n")
  .filter((line) => line !== "" && !line.startsWith("#"))
  .map((line) => line.split("\t")[7] ?? "")
  .filter((version, i, all) => version !== "-" && all.indexOf(version) === i);

const directory = t.testdir();
const video = await shortVideo(join(directory, "short.mp4"));
const here = await releaseWith(join(directory, "here"), {});
const current = await graphsOf(here);
const currentEvents = await eventsOf(here, video);

t.test("the version that npm brings is one of the table's", async (t) => {
  t.ok(versions.length >= 3, versions.join(", "));
  t.ok(versions.includes(current.versions[0] ?? ""));
  t.ok(currentEvents.length > 0, "there is something to compare");
});

for (const version of versions.filter((version) => version !== current.versions[0])) {
  t.test(`ONNX Runtime ${version}`, async (t) => {
    const packages: Record<string, string> = {};
    try {
      packages["onnxruntime-node"] = await npmPackage("onnxruntime-node", version, OTHER_SYSTEMS);
      packages["onnxruntime-common"] = await npmPackage("onnxruntime-common", version);
    } catch (thrown) {
      if (!(thrown instanceof NotFetched)) throw thrown;
      t.fail("not tested", { skip: `not tested: ${thrown.message}` });
      return;
    }
    const release = await releaseWith(join(directory, version), packages);

    t.test("every graph opens and says the same", async (t) => {
      const told = await graphsOf(release);
      t.same(told.versions, [version, version]);
      t.same(Object.keys(told.graphs), Object.keys(current.graphs));
      for (const [graph, outputs] of Object.entries(current.graphs)) {
        for (const [name, wanted] of Object.entries(outputs)) {
          const said = told.graphs[graph]?.[name] ?? [];
          t.equal(said.length, wanted.length, `${graph}: ${name}`);
          const apart = wanted.map((value, i) => Math.abs(value - (said[i] ?? Number.NaN)) / (1 + Math.abs(value)));
          t.ok(
            apart.every((share) => share < 1e-3),
            `${graph}: ${name} is near`,
          );
        }
      }
    });

    t.test("a video has the same events", async (t) => {
      t.same(await eventsOf(release, video), currentEvents);
    });

    t.test("the doctor says where it ran", async (t) => {
      const config = ["--config", "config/demo.json", "--recognition.providers=cpu"];
      const said = await node(release, "dist/main.js", "doctor", "--json", ...config).catch(({ stdout }) => stdout);
      const { checks } = JSON.parse(said) as { checks: { name: string; status: string; detail: string }[] };
      const inference = checks.find(({ name }) => name === "inference");
      t.match(inference, {
        status: "ok",
        detail: /HSTA runs on cpu \((\d+ nodes on CPU|this ONNX Runtime does not tell.*)\)/,
      });
    });
  });
}

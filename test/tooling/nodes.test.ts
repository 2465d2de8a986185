/**
 * Boards and the container get Node.js 24, and a machine may have 22 or 20: on each the daemon starts, recognises, and
 * hands its events over from the outbox. The first time the OpenCV binding is built for each, which takes minutes.
 */
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import t from "tap";
import { shortVideo } from "../support/demo.js";
import { NotFetched } from "../support/npm-package.js";
import { bindingFor, type OtherNode, otherNode } from "../support/other-node.js";
import { releaseWith } from "../support/release.js";

t.setTimeout(1_800_000);

const run = promisify(execFile);
const onBoards = /^NODE_VERSION=(.+)$/m.exec(readFileSync("scripts/jetson/versions.sh", "utf8"))?.[1] ?? "";

const directory = t.testdir();
const video = await shortVideo(join(directory, "short.mp4"));

/** What a subscriber gets of the video, from a daemon with its outbox and its broker. */
async function received({ program, env }: OtherNode, release: string) {
  const { stdout } = await run(program, ["scripts/arm64/daemon.mjs", video], { cwd: release, env });
  return stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Record<string, unknown>)
    .map(({ sequence, label, onsetMs, apexMs, offsetMs }) => ({ sequence, label, onsetMs, apexMs, offsetMs }));
}

const own = { program: process.execPath, env: process.env };
const wanted = await received(own, process.cwd());
t.ok(wanted.length > 0, "there is something to compare");
t.match(onBoards, /^24\./, "what boards get is among those below");

for (const version of [onBoards, "22.23.3", "20.20.2"]) {
  t.test(`Node.js ${version}`, async (t) => {
    let node: OtherNode;
    try {
      node = await otherNode(version);
    } catch (thrown) {
      if (!(thrown instanceof NotFetched)) throw thrown;
      t.fail("not tested", { skip: `not tested: ${thrown.message}` });
      return;
    }
    const { stdout } = await run(node.program, ["--version"]);
    t.equal(stdout.trim(), `v${version}`);
    const packages = { "@u4/opencv4nodejs": await bindingFor(node) };
    const release = await releaseWith(join(directory, version), packages);
    t.same(await received(node, release), wanted);
  });
}

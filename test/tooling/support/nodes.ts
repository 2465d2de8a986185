import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Test } from "tap";
import { shortVideo } from "../../support/demo.js";
import { NotFetched } from "../../support/npm-package.js";
import { bindingFor, type OtherNode, otherNode } from "../../support/other-node.js";
import { releaseWith } from "../../support/release.js";

const run = promisify(execFile);
/** What boards and the container get. */
export const onBoards = /^NODE_VERSION=(.+)$/m.exec(readFileSync("scripts/jetson/versions.sh", "utf8"))?.[1] ?? "";

/** What a subscriber gets of the video, from a daemon with its outbox and its broker. */
async function received({ program, env }: OtherNode, release: string, video: string) {
  const { stdout } = await run(program, ["scripts/arm64/daemon.mjs", video], { cwd: release, env });
  return stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Record<string, unknown>)
    .map(({ sequence, label, onsetMs, apexMs, offsetMs }) => ({ sequence, label, onsetMs, apexMs, offsetMs }));
}

/**
 * On each of these versions, and on the one that runs the tests, the daemon starts, recognises, and hands the same
 * events over from its outbox. The first time the OpenCV binding is built for each, which takes minutes.
 */
export async function runsOn(t: Test, versions: readonly string[]): Promise<void> {
  t.setTimeout(1_800_000);
  const directory = t.testdir();
  const video = await shortVideo(join(directory, "short.mp4"));
  const own = { program: process.execPath, env: process.env };
  const wanted = await received(own, process.cwd(), video);
  t.ok(wanted.length > 0, "there is something to compare");
  for (const version of versions) {
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
      t.same(await received(node, release, video), wanted);
    });
  }
}

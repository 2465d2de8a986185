import { join } from "node:path";
import t from "tap";
import { Flinch } from "../support/cli.js";

const dir = t.testdir({
  "stale.cjs": `
    process.dlopen = () => {
      const reason = "The module was compiled against a different Node.js version using\\nNODE_MODULE_VERSION 108.";
      throw Object.assign(new Error(reason), { code: "ERR_DLOPEN_FAILED" });
    };
  `,
});

/** Flinch where the native bindings are of another Node. */
async function stale(...args: string[]) {
  const process = new Flinch(args, { NODE_OPTIONS: `--require ${join(dir, "stale.cjs")}` });
  return Object.assign(process, { status: await process.ended });
}

t.test("a binding of another Node is named, with what to do", async (t) => {
  for (const command of [
    ["analyze", "demo/video.mp4"],
    ["run", "--source.kind=file", "--source.uri=demo/video.mp4"],
    ["doctor"],
  ]) {
    const { status, plain } = await stale(...command);
    t.equal(status, 1);
    t.match(plain[0], /^flinch: Node v\d+.* cannot load .*different Node.*npm run setup \[NATIVE_MODULE\]$/);
    t.equal(plain.length, 1, "no stack");
  }
});

t.test("help, the version and the configuration do without", async (t) => {
  for (const command of [["help"], ["--help"], ["version"], ["--version"], ["config", "print"], ["config", "check"]]) {
    const { status, plain, output } = await stale(...command);
    t.same([status, plain], [0, []], command.join(" "));
    t.ok(output.length > 0);
  }
  t.match((await stale("version")).output[0], /^flinch \d+\.\d+\.\d+$/);
});

t.test("a command that does not exist brings the nearest to mind", async (t) => {
  const { status, plain } = await stale("analyse");
  t.equal(status, 1);
  t.match(plain[0], /no command 'analyse'; did you mean analyze\?/);
  t.match((await stale("constructor")).plain[0], /no command 'constructor'; there are run/);
});

import { execFile } from "node:child_process";
import { mkdir, readFile, symlink, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { promisify } from "node:util";
import t from "tap";
import { shortVideo } from "../support/demo.js";

const run = promisify(execFile);
const page = await readFile("docs/library.md", "utf8");

/** An example of the page, by its name. */
function example(name: string): string {
  const [, code = ""] = new RegExp(`<!-- tested: ${name} -->\\n\`\`\`ts\\n([\\s\\S]*?)\`\`\``).exec(page) ?? [];
  if (code === "") throw new Error(`docs/library.md has no example '${name}'`);
  return code;
}

/** Packages that a project gets with Flinch: all that the lock has and that is not for development alone. */
async function dependencies(): Promise<string[]> {
  const { packages } = JSON.parse(await readFile("package-lock.json", "utf8")) as {
    packages: Record<string, { dev?: boolean; optional?: boolean }>;
  };
  return Object.entries(packages)
    .filter(([path, { dev, optional }]) => /^node_modules\/(@[^/]+\/)?[^/]+$/.test(path) && !dev && !optional)
    .map(([path]) => path);
}

/** An empty project that has the packed Flinch among its packages, and beside it what Flinch depends on. */
async function emptyProject(folder: string): Promise<{ project: string; files: string[] }> {
  // Without scripts: they would build dist anew, beside the other tests.
  const packed = await run("npm", ["pack", "--ignore-scripts", "--silent", "--pack-destination", folder]);
  const project = join(folder, "project");
  for (const path of await dependencies()) {
    await mkdir(dirname(join(project, path)), { recursive: true });
    await symlink(resolve(path), join(project, path));
  }
  const home = join(project, "node_modules/flinch");
  await mkdir(home);
  const { stdout } = await run("tar", [
    "-xzvf",
    join(folder, packed.stdout.trim()),
    "-C",
    home,
    "--strip-components=1",
  ]);
  await writeFile(join(project, "package.json"), JSON.stringify({ type: "module" }));
  return { project, files: stdout.trim().split("\n") };
}

const folder = t.testdir();
const { project, files } = await emptyProject(folder);
await shortVideo(join(project, "interview.mp4"));

t.test("the package has the program and the weights, and neither tests nor pages nor sources", async (t) => {
  const of = (pattern: RegExp) => files.filter((file) => pattern.test(file));
  t.ok(of(/^package\/models\/.*\.onnx$/).length >= 6, "the weights are in");
  t.same(of(/\.(test\.[jt]s|py|map)$|^package\/(test|training|src)\//), ["package/scripts/jetson/build_engine.py"]);
  t.same(of(/^package\/docs\/(?!schemas\/)/), []);
});

t.test("the page's examples hold as strict TypeScript, and run", async (t) => {
  for (const name of ["recording", "frames"]) await writeFile(join(project, `${name}.ts`), example(name));
  // A package that Flinch depends on has typings that do not hold by themselves.
  const options = ["--strict", "--skipLibCheck", "--module", "nodenext", "--target", "es2022"];
  const types = ["--typeRoots", resolve("node_modules/@types"), "--types", "node"];
  const tsc = resolve("node_modules/typescript/bin/tsc");
  const compiled = run(process.execPath, [tsc, ...options, ...types, "recording.ts", "frames.ts"], { cwd: project });
  t.equal(
    await compiled.then(
      ({ stdout }) => stdout,
      ({ stdout }: { stdout: string }) => stdout,
    ),
    "",
  );

  const recording = await run(process.execPath, ["recording.js"], { cwd: project });
  t.match(recording.stdout, /^\d+(\.\d+)? ms, face 1: (negative|positive|surprise) \(0\.\d+\)$/m);
  t.match(recording.stdout, /minutes could be judged; cut: null$/m);
  t.equal(recording.stderr, "", "nothing is logged");
  const frames = await run(process.execPath, ["frames.js"], { cwd: project });
  t.match(frames.stdout, /^\d+ 100 0$/m, "a black picture has no face to be judged");
});

t.test("the binding is found where npm puts it, beside Flinch", async (t) => {
  const script = join(project, "node_modules/flinch/scripts/build-opencv-binding.mjs");
  t.match(await run(process.execPath, [script], { cwd: project }), { stderr: "OpenCV binding is up to date\n" });
});

t.test("its command works as well", async (t) => {
  const main = join(project, "node_modules/flinch/dist/main.js");
  const { stdout } = await run(process.execPath, [main, "version"], { cwd: project });
  t.match(stdout, /^flinch \d+\.\d+\.\d+\n$/);
});

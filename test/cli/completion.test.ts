import { spawnSync } from "node:child_process";
import { chmodSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import t from "tap";
import { COMMANDS } from "../../src/cli/descriptions.js";
import { createProgram } from "../../src/cli/program.js";
import { SHELLS } from "../../src/cli/shells.js";
import { suggest } from "../../src/cli/suggestions.js";
import { keysByPath } from "../../src/config/paths.js";
import { flinch } from "../support/cli.js";

const dir = t.testdir({
  place: { "interview.mp4": "", "in the room.mp4": "", "flinch.json": "", "page.html": "", results: {} },
  bin: {},
});
const place = join(dir, "place");
// Answers while somebody types, and tells what was typed in the end.
writeFileSync(
  join(dir, "bin", "flinch"),
  `#!/bin/sh
if [ "$1" = complete ]; then exec '${process.execPath}' '${resolve("dist/main.js")}' "$@"; fi
printf 'TYPED'; printf '<%s>' "$@"; printf '\\n'
`,
);
chmodSync(join(dir, "bin", "flinch"), 0o755);

const env = { ...process.env, PATH: `${join(dir, "bin")}:${process.env["PATH"]}`, TERM: "dumb", PS1: "$ " };

/** Lines typed into an interactive shell, and what `flinch` got of them. */
function type(shell: readonly string[], lines: readonly string[]): string[] {
  const input = [...lines, "exit", ""].join("\n");
  const { stdout } = spawnSync("script", ["-qec", shell.join(" "), "/dev/null"], { cwd: place, env, input });
  return [...`${stdout}`.matchAll(/^TYPED(<.*>)\r?$/gm)].map(([, got]) => got ?? "");
}

const TYPED = [
  ["flinch ana\tint\t", "<analyze><interview.mp4>"],
  ["flinch analyze in\\ \t", "<analyze><in the room.mp4>"],
  ["flinch analyze --rep\tp\t", "<analyze><--report><page.html>"],
  ["flinch config ch\t--config=fl\t", "<config><check><--config=flinch.json>"],
  ["flinch run --source.ki\trt\t", "<run><--source.kind><rtsp>"],
  ["flinch run --source.kind=rt\t", "<run><--source.kind=rtsp>"],
] as const;
const lines = TYPED.map(([line]) => line);
const got = TYPED.map(([, line]) => line);

async function scriptFor(shell: (typeof SHELLS)[number]): Promise<string> {
  const { status, output } = await flinch("completion", shell);
  t.equal(status, 0);
  const file = join(dir, `completion.${shell}`);
  writeFileSync(file, `${output.join("\n")}\n`);
  return file;
}

const has = (shell: string) => spawnSync(shell, ["-c", "exit 0"]).status === 0;

t.test("bash completes commands, files, options, keys and their values", async (t) => {
  const file = await scriptFor("bash");
  t.same(type(["bash", "--noprofile", "--rcfile", file, "-i"], lines), got);
});

t.test("zsh does", { skip: !has("zsh") && "no zsh here" }, async (t) => {
  const file = await scriptFor("zsh");
  t.same(type(["zsh", "-f", "-i"], [`autoload -Uz compinit; compinit -u -D; . ${file}`, ...lines]), got);
});

t.test("fish does", { skip: !has("fish") && "no fish here" }, async (t) => {
  const file = await scriptFor("fish");
  const complete = (line: string) => {
    const { stdout } = spawnSync("fish", ["-N", "-c", `source ${file}; complete -C '${line}'`], { cwd: place, env });
    return `${stdout}`.trimEnd().split("\n");
  };
  t.same(complete("flinch ana"), ["analyze\tprint the events of video files as lines of JSON"]);
  t.same(complete("flinch run --source.kind=rt"), ["--source.kind=rtsp"]);
  t.same(complete("flinch analyze in"), ["in the room.mp4", "interview.mp4"]);
});

/** What the last word can become; files as `<file.json>`. */
async function suggested(...words: string[]): Promise<string[]> {
  const found = await suggest(
    createProgram(async () => {}),
    words,
  );
  return found.map((each) =>
    each.kind === "literal" ? each.text : `${each.prefix ?? ""}<${each.type}${each.extensions?.join() ?? ""}>`,
  );
}

t.test("what can be typed follows from the descriptions", async (t) => {
  const names = [...COMMANDS.map(({ name }) => name), "help"];
  t.same(await suggested(""), names, "and not what only shells call");
  t.same(await suggested("help", ""), names);
  t.same(await suggested("c"), ["console", "calibrate", "collect", "config", "completion"]);
  t.same(await suggested("help", "config", "s"), ["schema", "sign"]);
  t.same(await suggested("completion", ""), SHELLS);
  t.same(await suggested("bench", "--"), [
    "--json",
    "--config",
    ...[...keysByPath.keys()].map((key) => `--${key}`),
    "--help",
  ]);
  t.same(await suggested("version", "-"), ["--help"]);
  t.same((await suggested("run", "")).length, keysByPath.size + 3, "nothing but options");
});

t.test("and values from what an option or argument is", async (t) => {
  for (const [words, values] of [
    [["analyze", ""], ["<file>"]],
    [["analyze", "a.mp4", ""], ["<file>"]],
    [["analyze", "--summary", ""], ["<file.json>"]],
    [["analyze", "--out="], ["--out=<directory>"]],
    [["analyze", "--", "--"], ["<file>"]],
    [["analyze", "--source.loop", ""], ["<file>"]],
    [
      ["analyze", "--source.loop="],
      ["--source.loop=true", "--source.loop=false"],
    ],
    [["evaluate", "a", ""], ["<directory>"]],
    [["evaluate", "a", "b", "c"], []],
    [["config", "sign", "--key", ""], ["<file.pem>"]],
    [["config", "sign", "--group", ""], []],
    [["run", "--outbox.directory", ""], ["<directory>"]],
    [["run", "--mqtt.tls.caFile", ""], ["<file>"]],
    [["run", "--device.room", ""], []],
    [
      ["run", "--recognition.providers", "c"],
      ["cuda", "cpu"],
    ],
    [
      ["run", "--mqtt.protocolVersion="],
      ["--mqtt.protocolVersion=5", "--mqtt.protocolVersion=4"],
    ],
    [["run", "--nothing="], []],
    [["nothing", ""], []],
  ] as const)
    t.same(await suggested(...words), values, words.join(" "));
});

t.test("every key that is called after a file or a directory says so", async (t) => {
  for (const [name, { path }] of keysByPath)
    t.equal(path === undefined, !/(file|directory|manifest|python|source\.uri)$/i.test(name), name);
});

t.test("a shell that it knows nothing of is refused by name", async (t) => {
  const { status, plain } = await flinch("completion", "tcsh");
  t.equal(status, 1);
  t.match(plain[0], /'tcsh' is invalid.*bash, zsh, fish.*\[USAGE\]/);
});

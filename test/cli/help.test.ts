import t from "tap";
import type { CommandDescription } from "../../src/cli/command.js";
import { COMMANDS } from "../../src/cli/descriptions.js";
import { createProgram } from "../../src/cli/program.js";
import { stale } from "./support/stale.js";

type Described = readonly [name: string, command: CommandDescription];

/** Every command that does something, by its whole name. */
const described: readonly Described[] = COMMANDS.flatMap((each): readonly Described[] =>
  "commands" in each
    ? each.commands.map((command) => [`${each.name} ${command.name}`, command] as const)
    : [[each.name, each] as const],
);

/** Standard output as words: help breaks its lines where the terminal ends. */
function text({ output }: { readonly output: readonly string[] }): string {
  return output.join(" ").replaceAll(/\s+/g, " ");
}

for (const [name, { summary, arguments: taken = {}, options = {}, configured, example, load }] of described) {
  t.test(`flinch ${name} --help says what it is for and takes, with no native module`, async (t) => {
    const asked = await stale(...name.split(" "), "--help");
    t.same([asked.status, asked.plain], [0, []]);
    const help = text(asked);
    t.ok(help.startsWith(`Usage: flinch ${name} `), help);
    for (const argument of Object.keys(taken)) t.match(asked.output[0], argument);
    const about = Object.values(taken).map((what) => (typeof what === "string" ? what : what.about));
    for (const said of [summary, ...about, ...Object.entries(options).flat()]) t.match(help, said);
    t.equal(help.includes("--config <FILE.json>"), configured ?? false);
    t.equal(help.includes('"flinch config docs"'), configured ?? false);
    t.ok(help.endsWith(`Example: $ ${example}`), help);
  });

  t.test(`the example of flinch ${name} is a command line of it`, async (t) => {
    const ran: CommandDescription["load"][] = [];
    const program = createProgram(async (called) => void ran.push(called));
    const [typed = ""] = example.split(" > ");
    await program.parseAsync(typed.split(" ").slice(1), { from: "user" });
    t.equal(ran[0], load);
    t.ok(typed.startsWith(`flinch ${name}`));
  });
}

t.test("help is asked for in several ways", async (t) => {
  for (const [asked, same] of [
    [
      ["run", "-h"],
      ["run", "--help"],
    ],
    [
      ["help", "analyze"],
      ["analyze", "--help"],
    ],
    [
      ["help", "config", "sign"],
      ["config", "sign", "--help"],
    ],
    [
      ["help", "config"],
      ["config", "--help"],
    ],
    [["help"], ["--help"]],
    [["-h"], ["--help"]],
  ] as const) {
    const help = await stale(...asked);
    t.same([help.status, help.plain], [0, []], asked.join(" "));
    t.same(help.output, (await stale(...same)).output, asked.join(" "));
  }
});

t.test("help goes before whatever else is wrong", async (t) => {
  for (const wrong of [["surplus"], ["--nonsense"], ["--source.kind=none"], ["--config=/nowhere"], ["--source.uri"]]) {
    const { status, plain, output } = await stale("run", ...wrong, "--help");
    t.same([status, plain], [0, []], wrong.join(" "));
    t.match(output[0], /^Usage: flinch run /);
  }
});

t.test("where nothing was asked for, help stands on standard error", async (t) => {
  for (const [asked, usage] of [
    [[], "Usage: flinch [options] [command]"],
    [["config"], "Usage: flinch config [options] [command]"],
  ] as const) {
    const { status, plain, output } = await stale(...asked);
    t.same([status, plain[0], output], [2, usage, []]);
  }
});

t.test("what does not exist brings the nearest to mind", async (t) => {
  for (const [asked, says] of [
    [["config", "pint"], /no command 'config pint'; did you mean print\?; there are print, check/],
    [["help", "analyse"], /no command 'analyse'; did you mean analyze\?/],
    [["help", "config", "singe"], /no command 'config singe'; did you mean sign\?/],
    [["analyze", "a.mp4", "--sumary=x"], /no key --sumary; did you mean --summary\?/],
    [["version", "--hepl"], /no option --hepl; did you mean --help\?/],
    [["version", "-x"], /no option -x; usage: flinch version/],
  ] as const) {
    const { status, plain, output } = await stale(...asked);
    t.same([status, plain.length, output], [1, 1, []], asked.join(" "));
    t.match(plain[0], says);
  }
});

import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { COMMANDS } from "../../src/cli/descriptions.js";

const unit = readFileSync("deploy/collect/flinch-collect.service", "utf8");
const skip = spawnSync("systemd-analyze", ["--version"]).status === 0 ? false : "needs the Debian package systemd";

t.test("systemd finds nothing wrong with the collector's unit, and little exposed", { skip }, async (t) => {
  const here = unit
    .replace(/^ExecStart=.*$/m, `ExecStart=${process.execPath} --version`)
    .replace(/^(User|Group)=.*\n/gm, "")
    .replace(/^Documentation=.*\n/m, "");
  const path = join(t.testdir(), "flinch-collect.service");
  writeFileSync(path, here);
  const { stderr } = spawnSync("systemd-analyze", ["verify", "--man=no", path], { encoding: "utf8" });
  t.same(
    stderr.split("\n").filter((line) => line.includes("flinch-collect")),
    [],
  );
  writeFileSync(path, unit.replace(/^Documentation=.*\n/m, ""));
  const judged = spawnSync("systemd-analyze", ["security", "--offline=yes", "--no-pager", path], { encoding: "utf8" });
  const exposure = Number(/exposure level for \S+: ([\d.]+)/.exec(judged.stdout)?.[1]);
  t.ok(exposure <= 2.5, `${exposure} of 10`);
});

t.test("the unit runs the command with options that it has", (t) => {
  const words = /^ExecStart=\S+ \S+ (.*)$/m.exec(unit)?.[1]?.split(" ") ?? [];
  const command = COMMANDS.find(({ name }) => name === words[0]);
  const known = command === undefined || "commands" in command ? [] : Object.keys(command.options ?? {});
  const options = words.filter((word) => word.startsWith("--") && word !== "--config");
  t.ok(options.length > 0);
  for (const option of options)
    t.ok(
      known.some((flags) => flags.startsWith(`${option} `)),
      option,
    );
  t.end();
});

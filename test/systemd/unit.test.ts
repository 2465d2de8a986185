import { spawnSync } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import t from "tap";
import { environmentName, keysByPath } from "../../src/config/paths.js";

const path = fileURLToPath(new URL("../../systemd/flinch.service", import.meta.url));
const unit = await readFile(path, "utf8");
const analyze = spawnSync("systemd-analyze", ["--version"]).status === 0;

function values(key: string): string[] {
  return [...unit.matchAll(new RegExp(`^${key}=(.*)$`, "gm"))].map((found) => found[1] ?? "");
}

t.test(
  "systemd finds nothing wrong with the unit",
  { skip: analyze ? false : "needs the Debian package systemd" },
  async (t) => {
    // The program and its user are not installed where this runs: what is there takes their place.
    const here = unit
      .replace(/^ExecStart=.*$/m, `ExecStart=${process.execPath} --version`)
      .replace(/^(User|Group)=.*\n/gm, "")
      .replace(/^Documentation=.*\n/m, "");
    const copy = join(t.testdir(), "flinch.service");
    await writeFile(copy, here);
    const ran = spawnSync("systemd-analyze", ["verify", "--man=no", copy], { encoding: "utf8" });
    const about = ran.stderr.split("\n").filter((line) => line.includes("flinch.service"));
    t.same(about, []);
  },
);

t.test("the daemon is watched, restarted, and kept in", async (t) => {
  t.same(values("Type"), ["notify"]);
  t.same(values("NotifyAccess"), ["all"]);
  t.same(values("Restart"), ["always"]);
  t.same(values("DevicePolicy"), ["closed"]);
  t.same(values("StateDirectory"), ["flinch"]);
  t.same(values("ConfigurationDirectory"), ["flinch"]);
  for (const key of ["NoNewPrivileges", "PrivateTmp"]) t.same(values(key), ["yes"], key);
  t.same(values("ProtectSystem"), ["strict"]);
});

t.test("its variables are keys of the configuration", async (t) => {
  const known = new Set([...keysByPath.keys()].map(environmentName));
  const set = [...unit.matchAll(/Environment=(FLINCH_\w+)=/g)].map((found) => found[1] ?? "");
  t.ok(set.length > 2);
  for (const name of set) t.ok(known.has(name), name);
});

t.test("no secret stands in the unit", async (t) => {
  for (const name of ["Environment", "EnvironmentFile"]) t.notMatch(values(name).join("\n"), /PASSWORD|SECRET|TOKEN/i);
});

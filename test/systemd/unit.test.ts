import { spawnSync } from "node:child_process";
import { cpSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import t, { type Test } from "tap";
import { environmentName, keysByPath } from "../../src/config/paths.js";

const folder = fileURLToPath(new URL("../../systemd", import.meta.url));
const dropIns = join(folder, "flinch.service.d");
const examples = readdirSync(dropIns).filter((name) => name.endsWith(".conf.example"));
const read = (...path: string[]) => readFileSync(join(folder, ...path), "utf8");
const flinch = read("flinch.service");
const template = read("flinch@.service");
const warm = read("flinch-warm.service");
const skip = spawnSync("systemd-analyze", ["--version"]).status === 0 ? false : "needs the Debian package systemd";

/** The values that a key has in a unit, in order. */
const values = (unit: string, key: string): string[] =>
  [...unit.matchAll(new RegExp(`^${key}=(.*)$`, "gm"))].map((found) => found[1] ?? "");
/** The lines that systemd reads. */
const lines = (unit: string): string[] => unit.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
const units = { "flinch.service": flinch, "flinch@left.service": template, "flinch-warm.service": warm };

/** The units as they would be installed; the program and its user, which are not, have what is here in their place. */
function installed(t: Test, extra: Readonly<Record<string, string>> = {}): string {
  const place = t.testdir({ "flinch.service.d": {} });
  for (const [name, unit] of Object.entries(units)) {
    const here = unit
      .replace(/^ExecStart=.*$/m, `ExecStart=${process.execPath} --version`)
      .replace(/^(User|Group)=.*\n/gm, "")
      .replace(/^Documentation=.*\n/m, "");
    writeFileSync(join(place, name), here);
  }
  for (const name of examples)
    cpSync(join(dropIns, name), join(place, "flinch.service.d", name.replace(/\.example$/, "")));
  for (const [name, text] of Object.entries(extra)) writeFileSync(join(place, "flinch.service.d", name), text);
  return place;
}

/** What systemd says against these units, and nothing that it says against those of this machine. */
function complaints(place: string): string[] {
  const paths = Object.keys(units).map((name) => join(place, name));
  const { stderr } = spawnSync("systemd-analyze", ["verify", "--man=no", ...paths], { encoding: "utf8" });
  return stderr.split("\n").filter((line) => line.includes("flinch"));
}

/** How exposed systemd finds a unit: 0 is closed, 10 is open. */
function exposure(place: string, name: string): number {
  const args = ["security", "--offline=yes", "--no-pager", join(place, name)];
  const { stdout, stderr } = spawnSync("systemd-analyze", args, { encoding: "utf8" });
  const found = /exposure level for \S+: ([\d.]+)/.exec(stdout)?.[1];
  if (found === undefined) throw new Error(`no exposure of ${name}: ${stderr}`);
  return Number(found);
}

t.test("systemd finds nothing wrong with the units and the drop-ins", { skip }, async (t) => {
  t.same(complaints(installed(t)), []);
  t.ok(examples.length >= 6);
});

t.test("and it would say so", { skip }, async (t) => {
  const place = installed(t, { "wrong.conf": "[Service]\nWatchdogSec=soon\nNoSuchKey=1\n" });
  const said = complaints(place).join("\n");
  t.match(said, /wrong\.conf:2: .*soon/);
  t.match(said, /wrong\.conf:3: .*NoSuchKey/);
});

t.test("the exposure is what docs/jetson.md says of it, or less", { skip }, async (t) => {
  const docs = readFileSync(new URL("../../docs/jetson.md", import.meta.url), "utf8");
  // With the user and the paths of a board, and without the drop-ins, which are examples.
  for (const name of ["flinch.service", "flinch-warm.service"]) {
    const stated = new RegExp(`\`${name}\`[^|\n]*\\| ([\\d.]+) \\|`).exec(docs)?.[1];
    t.ok(stated, `${name} has its row`);
    t.ok(exposure(folder, name) <= Number(stated), `${exposure(folder, name)} is no more than ${stated}`);
  }
});

t.test("the daemon is watched, restarted, and kept in", async (t) => {
  const wanted = {
    Type: "notify",
    NotifyAccess: "all",
    WatchdogSec: "60",
    Restart: "always",
    StartLimitBurst: "10",
    KillMode: "mixed",
    DevicePolicy: "closed",
    StateDirectory: "flinch",
    ConfigurationDirectory: "flinch",
    LimitCORE: "0",
    NoNewPrivileges: "yes",
    PrivateTmp: "yes",
    ProtectSystem: "strict",
  };
  for (const [key, value] of Object.entries(wanted)) t.same(values(flinch, key), [value], key);
});

t.test("ten restarts by the watchdog do not use up the restarts", async (t) => {
  const [watchdog, between] = ["WatchdogSec", "RestartSec"].map((key) => Number(values(flinch, key)[0]));
  const [burst, interval] = ["StartLimitBurst", "StartLimitIntervalSec"].map((key) => Number(values(flinch, key)[0]));
  t.ok((burst ?? 0) * ((watchdog ?? 0) + (between ?? 0)) > (interval ?? Infinity));
});

t.test("one of several daemons differs from the only one in what names it", async (t) => {
  const own = (unit: string, other: string) => lines(unit).filter((line) => !lines(other).includes(line));
  const differing = own(template, flinch);
  t.ok(differing.length > 4);
  for (const line of differing) t.match(line, /%i/);
  t.equal(own(flinch, template).length, differing.length - 1, "and but for a condition has nothing more");
});

t.test("engines are built before the daemon, by its user, kept in as it is, and not in its way", async (t) => {
  t.same(values(warm, "Type"), ["oneshot"]);
  t.same(values(warm, "Before"), ["flinch.service"]);
  t.match(values(flinch, "After")[0], /flinch-warm\.service/);
  for (const key of ["Requires", "BindsTo", "Requisite", "Wants"])
    t.notMatch(values(flinch, key).join(" "), /warm/, key);
  for (const key of ["User", "Group", "StateDirectory", "ProtectSystem", "DevicePolicy", "SystemCallFilter"])
    t.same(values(warm, key), values(flinch, key), key);
  t.same(
    values(warm, "DeviceAllow").filter((device) => !values(flinch, "DeviceAllow").includes(device)),
    [],
  );
  const cache = /ENGINE_CACHE_DIRECTORY=/;
  t.same(
    values(warm, "Environment").filter((line) => cache.test(line)),
    values(flinch, "Environment").filter((line) => cache.test(line)),
  );
});

t.test("variables are keys of the configuration", async (t) => {
  const known = new Set([...keysByPath.keys()].map(environmentName));
  for (const text of [flinch, template, warm, ...examples.map((name) => read("flinch.service.d", name))]) {
    for (const [, name = ""] of text.matchAll(/^Environment="?(FLINCH_\w+)=/gm)) t.ok(known.has(name), name);
  }
});

t.test("no secret stands in a unit or an example", async (t) => {
  for (const text of [flinch, template, warm, ...examples.map((name) => read("flinch.service.d", name))]) {
    for (const line of [...values(text, "Environment"), ...values(text, "EnvironmentFile")])
      t.notMatch(line, /PASSWORD(?!_FILE=\$CREDENTIALS_DIRECTORY)|SECRET|TOKEN/);
  }
});

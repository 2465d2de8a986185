import { readFileSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { loadConfig } from "../../src/config/index.js";
import { keysByPath } from "../../src/config/paths.js";
import { NEVER_IN_TEXT } from "../../src/lib/free-text.js";
import { linkOptionsOf } from "../../src/mqtt/index.js";
import { asking } from "../support/asking.js";
import { until } from "../support/logs.js";

/** Half a character, the end of a C string, a terminal's command, ends of lines, turned directions. */
const NEVER = ["\ud800", "\0", "\u001b[2J", "\n", "\u0085", "\u2028", "\u202e", "\u2066"];
const FINE = ["Raum 3 – Befragung", "対話室", "غرفة", "😀"];

t.test("no text of the configuration takes what no text may hold", async (t) => {
  const texts = [...keysByPath].filter(([, key]) => typeof key.default === "string" && key.json["enum"] === undefined);
  t.ok(texts.length > 20, `${texts.length} keys`);
  for (const [path, key] of texts) {
    for (const [k, never] of NEVER.entries()) t.notOk(key.accepts(`a${never}b`), `${path}, ${k}`);
  }
  for (const path of ["device.room", "privacy.purpose"]) {
    for (const fine of FINE) t.ok(keysByPath.get(path)?.accepts(fine), `${path} ${fine}`);
  }
});

t.test("nor does any text of a request", async (t) => {
  const { ask, answers } = asking();
  const start = { subject: "P-1", consent: "form/1" };
  for (const never of NEVER) {
    ask("session/start", { ...start, room: `a${never}b` });
    ask("session/start", { ...start, purpose: `a${never}b` });
    ask("status", { transaction: `a${never}b` });
  }
  await until(() => answers.length === 3 * NEVER.length);
  t.same([...new Set(answers.map(({ response }) => response.error?.code))], ["REQUEST_INVALID"]);
  for (const fine of FINE) ask("status", { transaction: fine });
  await until(() => answers.length === 3 * NEVER.length + FINE.length);
  t.same(
    answers
      .slice(-FINE.length)
      .map(({ response }) => response.transaction)
      .sort(),
    FINE.toSorted(),
  );

  // The contract, which others check requests by, has the same rule.
  const { $defs } = JSON.parse(readFileSync("docs/schemas/request.json", "utf8"));
  const { room, purpose } = $defs["session/start"].properties;
  for (const { pattern } of [room, purpose, $defs.transaction])
    t.ok(pattern.startsWith(`^[^${NEVER_IN_TEXT}]`), pattern);
});

t.test("a file that an editor began with a byte order mark is read without it", async (t) => {
  const dir = t.testdir({ "config.json": '\ufeff{"device":{"room":"a"}}', password: "\ufeffsecret\r\n" });
  const { config } = loadConfig({
    files: [join(dir, "config.json")],
    argv: ["--mqtt.username=x", `--mqtt.passwordFile=${join(dir, "password")}`],
  });
  t.equal(config.device.room, "a");
  t.equal(linkOptionsOf(config, "boot", undefined).secrets().password, "secret");
});

import { spawnSync } from "node:child_process";
import t from "tap";
import { FlinchError } from "../../src/lib/errors.js";
import { createLog } from "../../src/lib/log.js";

function record(write: (log: ReturnType<typeof createLog>) => void, level = "info"): Record<string, unknown>[] {
  const lines: string[] = [];
  write(createLog(level, { write: (line) => lines.push(line) }));
  return lines.map((line) => {
    t.equal(line.indexOf("\n"), line.length - 1, "one line");
    return JSON.parse(line) as Record<string, unknown>;
  });
}

t.test("a record is one JSON object with its level in words", async (t) => {
  const [entry] = record((log) => log.warn({ frames: 3 }, "two\nlines"));
  t.match(entry, { level: "warn", frames: 3, msg: "two\nlines", time: /^\d{4}-\d\d-\d\dT/ });
});

t.test("the level holds back, and can be changed while running", async (t) => {
  const entries = record((log) => {
    log.info("no");
    log.level = "debug";
    log.debug("yes");
  }, "error");
  t.same(
    entries.map((entry) => entry["msg"]),
    ["yes"],
  );
  t.equal(record((log) => log.info("x"), "nonsense").length, 1);
  t.equal(record((log) => log.fatal("x"), "silent").length, 0);
});

t.test("secrets are blotted out at every level that is logged", async (t) => {
  const mqtt = { username: "u", password: "hunter2" };
  const text = JSON.stringify(record((log) => log.info({ mqtt, config: { mqtt }, token: "hunter2" }, "x")));
  t.notMatch(text, /hunter2/);
  t.match(text, /"username":"u"/);
});

t.test("an error tells its code, message and causes, and its stack only where it is a fault", async (t) => {
  const cause = new Error("refused\n  by rtsp://me:hunter2@h/x");
  const [known, fault] = record((log) => {
    log.error({ err: new FlinchError("SOURCE_UNREADABLE", "cannot read", { cause }) }, "lost");
    log.error({ err: new TypeError("oops") }, "fault");
  });
  t.same(known?.["err"], { message: "cannot read", code: "SOURCE_UNREADABLE", causes: ["refused by rtsp://***@h/x"] });
  t.match(fault, { err: { message: "oops", stack: /TypeError: oops/ } });
});

t.test("standard output stays empty", async (t) => {
  const url = new URL("../../src/lib/log.ts", import.meta.url).href;
  const program = `const { createLog } = await import(${JSON.stringify(url)}); createLog("info").info("here");`;
  const ran = spawnSync(process.execPath, [...process.execArgv, "--input-type=module", "-e", program], {
    encoding: "utf8",
  });
  t.equal(ran.stdout, "");
  t.match(ran.stderr, /"msg":"here"/);
});

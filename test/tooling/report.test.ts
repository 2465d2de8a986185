import { test } from "tap";
import { Report } from "../../scripts/run-tap.mjs";

function reported(output: string, status: number) {
  const shown: string[] = [];
  const report = new Report((line: string) => shown.push(line));
  for (const line of output.split("\n")) report.line(line);
  return { passed: report.end(status), shown };
}

const PASSING = `TAP version 14
1..1
# Subtest: test/a.test.ts
    ok 1 - fine
    1..1
ok 1 - test/a.test.ts # time=11.2ms

# { total: 1, pass: 1 }
# time=99ms`;

test("a run that passed ends in its count", async (t) => {
  const { passed, shown } = reported(PASSING, 0);
  t.ok(passed);
  t.same(shown, ["ok - test/a.test.ts # time=11.2ms", "1 passed, 0 failed"]);
});

test("a failed file is shown with its diagnosis, without what passed", async (t) => {
  const { passed, shown } = reported(
    `# Subtest: test/b.test.ts
    ok 1 - fine
    not ok 2 - is two
      ---
      compare: ===
      ...
    1..2
not ok 1 - test/b.test.ts # time=5ms
# { total: 2, pass: 1, fail: 1 }`,
    1,
  );
  t.notOk(passed);
  t.equal(shown[0], "not ok 1 - test/b.test.ts # time=5ms");
  t.ok(shown.includes("    not ok 2 - is two"));
  t.notOk(shown.includes("    ok 1 - fine"));
  t.equal(shown.at(-1), "1 passed, 1 failed");
});

test("skipped tests are named and counted", async (t) => {
  const { shown } = reported(
    `    ok 1 - needs a camera # SKIP no camera
ok 1 - test/c.test.ts
# { total: 2, pass: 1, skip: 1 }`,
    0,
  );
  t.match(shown.join("\n"), /# SKIP no camera/);
  t.same(shown.slice(-2), ["1 skipped, 0 to do", "1 passed, 0 failed"]);
});

test("a tap that broke down is a failure even without a count", async (t) => {
  const { passed, shown } = reported("something broke", 1);
  t.notOk(passed);
  t.same(shown, ["something broke", "0 passed, 1 failed"]);
});

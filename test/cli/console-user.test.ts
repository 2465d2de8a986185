import { spawnSync } from "node:child_process";
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { isPassword } from "../../src/console/access/password.js";
import { readUsers } from "../../src/console/access/users-file.js";

const add = (input: string, ...args: string[]) =>
  spawnSync(process.execPath, ["dist/main.js", "console", "user", ...args], { input, encoding: "utf8" });

t.test("somebody is let in, and given another role", async (t) => {
  const file = join(t.testdir({}), "users");
  const first = add("correct horse battery\n", file, "ada", "--role", "review");
  t.equal(first.status, 0, first.stderr);
  t.equal(statSync(file).mode & 0o777, 0o600);
  t.notMatch(readFileSync(file, "utf8"), "horse");
  add("another long password\n", file, "grace");
  add("a password that is new\n", file, "ada", "--role=operate");
  const users = await readUsers(file);
  t.strictSame(
    [...users.values()].map(({ name, role }) => [name, role]),
    [
      ["grace", "view"],
      ["ada", "operate"],
    ],
  );
  const { hash = "" } = users.get("ada") ?? {};
  t.ok(await isPassword("a password that is new", hash));
  t.notOk(await isPassword("correct horse battery", hash));
});

t.test("what cannot be is refused, and the file stays as it is", async (t) => {
  const file = join(t.testdir({}), "users");
  for (const [input, args, why] of [
    ["short\n", [file, "ada"], /fewer than 12/],
    ["", [file, "ada"], /fewer than 12/],
    ["correct horse battery\n", [file, "a b"], /no user's name/],
    ["correct horse battery\n", [file, "ada", "--role=root"], /no role 'root'/],
  ] as const) {
    const { status, stderr } = add(input, ...args);
    t.equal(status, 1);
    t.match(stderr, why);
  }
  t.throws(() => statSync(file));
});

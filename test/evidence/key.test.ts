import { chmodSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { readKey, writeKey } from "../../src/evidence/key.js";
import { Seal } from "../../src/evidence/seal.js";
import { flinch } from "../support/cli.js";

t.test("a key is made, by the command too, for its owner alone, and never replaced", async (t) => {
  const dir = t.testdir();
  const file = join(dir, "keys/evidence.key");
  const { status, output, plain } = await flinch("evidence", "key", file);
  t.same([status, plain], [0, []]);
  t.equal(statSync(file).mode & 0o777, 0o600);
  const key = await readKey(file, [join(dir, "state")]);
  t.match(output[0], key.recipient);
  t.notOk(output.join("\n").includes("SECRET"), "the key itself is not shown");
  const before = readFileSync(file);
  await t.rejects(writeKey(file), { code: "CONFIG_INVALID", message: /is there already/ });
  t.ok(readFileSync(file).equals(before));
  await t.rejects(writeKey(join(file, "below")), { code: "CONFIG_INVALID", message: /cannot be written/ });
});

t.test("a key that protects nothing is refused", async (t) => {
  const dir = t.testdir({ state: {}, elsewhere: {} });
  const file = join(dir, "elsewhere/key");
  await writeKey(file);
  const refused = (path: string, message: RegExp, data = [join(dir, "state")]) =>
    t.rejects(readKey(path, data), { code: "CONFIG_INVALID", message });
  await writeKey(join(dir, "state/key"));
  await refused(join(dir, "state/key"), /lies in .*state, with what it protects/);
  mkdirSync(join(dir, "state/deep"));
  await writeKey(join(dir, "state/deep/key"));
  symlinkSync(join(dir, "state/deep/key"), join(dir, "elsewhere/link"));
  await refused(join(dir, "elsewhere/link"), /lies in/);
  symlinkSync(join(dir, "elsewhere"), join(dir, "linked-state"));
  await refused(file, /lies in/, [join(dir, "linked-state")]);
  await refused(join(dir, "elsewhere/none"), /cannot be read \(.*ENOENT\): make one with flinch evidence key/);
  chmodSync(file, 0o640);
  await refused(file, /can be read by others: chmod 600/);
  chmodSync(file, 0o600);
  t.match(await readKey(file, [join(dir, "not-there/state"), join(dir, "state")]), { recipient: /^age1/ });
  const text = readFileSync(file, "utf8");
  writeFileSync(file, `${text}${text}`);
  await refused(file, /holds 2 identities/);
  writeFileSync(file, "# nothing\n");
  await refused(file, /holds 0 identities/);
  writeFileSync(file, text.replace(/KEY-1..../, "KEY-1QQQQ"));
  const wrong = await readKey(file, []).catch((thrown: Error) => thrown);
  t.match(wrong, { code: "CONFIG_INVALID", message: /holds no valid age identity/ });
  t.notOk(String(wrong).includes(text.split("KEY-1")[1]?.slice(10, 30) ?? "?"), "nothing of the key is in the message");
});

t.test("what is sealed is opened by its key alone, and not once it is damaged", async (t) => {
  const dir = t.testdir();
  const seals = await Promise.all(
    ["one", "two"].map(async (name) => {
      await writeKey(join(dir, name));
      return await Seal.open(await readKey(join(dir, name), []), name);
    }),
  );
  const [one, two] = seals as [Seal, Seal];
  for (const bytes of [0, 1, 65_536, 200_001]) {
    const plain = Buffer.alloc(bytes, "clip");
    const encrypted = Buffer.from(await one.encrypt(plain));
    t.equal(encrypted.toString("latin1", 0, 21), "age-encryption.org/v1");
    t.ok(bytes === 0 || !encrypted.includes("clipclip"));
    t.ok(plain.equals(await one.decrypt(encrypted)), `${bytes} bytes`);
    await t.rejects(two.decrypt(encrypted), { code: "CLIP_UNREADABLE", message: /'two' is not the key/ });
    encrypted[encrypted.length - 1] = (encrypted.at(-1) ?? 0) ^ 1;
    await t.rejects(one.decrypt(encrypted), { code: "CLIP_UNREADABLE" });
    await t.rejects(one.decrypt(encrypted.subarray(0, -1)), { code: "CLIP_UNREADABLE" });
  }
});

import { execFileSync } from "node:child_process";
import { generateKeyPairSync, type KeyObject } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { readEd25519, signatureOf } from "../../../src/config/remote/index.js";
import { refused } from "../../cli/support/refused.js";
import { flinch } from "../../support/cli.js";
import { desiredConfigOf, localConfig, MemoryStore } from "../../support/desired-config.js";

const dir = t.testdir();
const TOPIC = "flinch/room-1/config/desired";

/** A pair of keys as files, made by openssl as an operator would. */
function keys(name: string): { privateFile: string; publicFile: string; secret: KeyObject } {
  const [privateFile, publicFile] = [join(dir, `${name}.pem`), join(dir, `${name}.pub.pem`)];
  execFileSync("openssl", ["genpkey", "-algorithm", "ed25519", "-out", privateFile]);
  execFileSync("openssl", ["pkey", "-in", privateFile, "-pubout", "-out", publicFile]);
  return { privateFile, publicFile, secret: readEd25519("private", "--key", privateFile) };
}

const owner = keys("owner");
const stranger = keys("stranger");
const key = readEd25519("public", "remote.publicKeyFile", owner.publicFile);
const signed = (version: number, config: object, topic = TOPIC, secret = owner.secret) => ({
  version,
  config,
  signature: signatureOf(secret, topic, { version, config: config as Record<string, unknown> }),
});

t.test("only what the owner signed, for this topic, is taken", async (t) => {
  const { desiredConfig, pipe, send } = await desiredConfigOf({ key, local: localConfig("--device.groups=floor") });
  const blue = { device: { room: "Blue" } };
  const good = signed(2, blue);
  for (const [what, document, reason] of [
    ["unsigned", { version: 2, config: blue }, /not signed/],
    ["signed by another", signed(2, blue, TOPIC, stranger.secret), /signature is not/],
    ["another version", { ...good, version: 3 }, /signature is not/],
    ["other content", { ...good, config: { device: { room: "Red" } } }, /signature is not/],
    ["for another device", signed(2, blue, "flinch/room-2/config/desired"), /signature is not/],
    ["no base64", { ...good, signature: "?" }, /signature is not/],
    ["no text at all", { ...good, config: { device: { room: "\ud800" } } }, /no canonical form.*[Ss]urrogate/],
  ] as const) {
    await send(document);
    t.match(desiredConfig.report().desired, { status: "refused", reason }, what);
  }
  await send("");
  t.match(desiredConfig.report().desired, { status: "refused", reason: /empty payload bears no signature/ });
  t.same(pipe.applied, []);
  await send(good);
  t.match(desiredConfig.report().desired, { version: 2, status: "applied" });
  await send(signed(1, { spotting: { threshold: 9 } }, "flinch/_groups/floor/config/desired"), "group/floor");
  t.match(pipe.last, { device: { room: "Blue" }, spotting: { threshold: 9 } });
  await send(signed(1, { spotting: { threshold: 8 } }, TOPIC));
  t.match(desiredConfig.report().desired, { status: "refused", reason: /stale/ }, "an old one that was recorded");
});

t.test("what was taken unsigned is out of force once signatures are demanded", async (t) => {
  const store = new MemoryStore();
  const before = await desiredConfigOf({ store });
  await before.send({ version: 7, config: { device: { room: "Blue" } } });
  await before.desiredConfig.suspend();
  const after = await desiredConfigOf({ store, key });
  t.equal(after.desiredConfig.config().device.room, "");
  await after.send(signed(1, { device: { room: "Green" } }));
  t.match(after.desiredConfig.report().desired, { version: 1, status: "applied" });
});

t.test("flinch config sign writes a document that is ready to be sent", async (t) => {
  const file = join(dir, "desired.json");
  writeFileSync(
    file,
    JSON.stringify({ version: 3, config: { spotting: { threshold: 5.5 }, device: { room: "Grün" } } }),
  );
  const { status, output } = await flinch("config", "sign", file, "--key", owner.privateFile, "--device.id=room-1");
  t.equal(status, 0);
  const { desiredConfig, send } = await desiredConfigOf({ key });
  await send(output.join("\n"));
  t.match(desiredConfig.report().desired, { version: 3, status: "applied" });
  const forGroup = await flinch("config", "sign", file, "--key", owner.privateFile, "--group=floor");
  t.not(JSON.parse(forGroup.output[0] ?? "").signature, JSON.parse(output[0] ?? "").signature);

  await refused(t, ["config", "sign", file], /needs a key: --key PRIVATE\.pem \[USAGE\]/);
  await refused(t, ["config", "sign", file, "--key", owner.publicFile], /no Ed25519 private key.*\[CONFIG_INVALID\]/);
  writeFileSync(file, JSON.stringify({ version: 3, config: { mqtt: { username: "x" } } }));
  await refused(t, ["config", "sign", file, "--key", owner.privateFile], /mqtt\.username.*\[CONFIG_INVALID\]/);
});

t.test("openssl and jq do as well, as the page on remote configuration says", async (t) => {
  const page = readFileSync("docs/remote-configuration.md", "utf8");
  const script = /```sh\n(topic=[\s\S]*?)```/.exec(page)?.[1] ?? "";
  t.match(script, /openssl pkeyutl/);
  const place = t.testdir({
    "desired.json": JSON.stringify({ version: 12, config: { spotting: { threshold: 4.5, blinkGate: false } } }),
    "private.pem": readFileSync(owner.privateFile, "utf8"),
  });
  execFileSync("sh", ["-ec", script], { cwd: place });
  const { desiredConfig, send } = await desiredConfigOf({ key });
  await send(readFileSync(join(place, "signed.json"), "utf8"));
  t.match(desiredConfig.report().desired, { version: 12, status: "applied" });
});

t.test("a key file that is none, or is of another kind, stops the start", async (t) => {
  const rsa = join(dir, "rsa.pem");
  const { publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  writeFileSync(rsa, publicKey.export({ type: "spki", format: "pem" }));
  const run = ["run", "--source.kind=file", "--source.uri=demo/video.mp4", "--mqtt.embeddedPort=0"];
  const with_ = (path: string) => [
    ...run,
    `--outbox.directory=${join(dir, "outbox")}`,
    `--remote.publicKeyFile=${path}`,
  ];
  await refused(t, with_(rsa), /remote\.publicKeyFile: .*rsa\.pem holds no Ed25519 public key.*\[CONFIG_INVALID\]/);
  await refused(t, with_(owner.privateFile), /holds no Ed25519 public key.*\[CONFIG_INVALID\]/);
  await refused(t, with_(join(dir, "none.pem")), /none\.pem cannot be read.*\[CONFIG_UNREADABLE\]/);
});

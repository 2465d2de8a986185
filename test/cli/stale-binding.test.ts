import { generateKeyPairSync } from "node:crypto";
import { join } from "node:path";
import t from "tap";
import { stale } from "./support/stale.js";

const dir = t.testdir({
  "desired.json": JSON.stringify({ version: 1, config: {} }),
  "private.pem": generateKeyPairSync("ed25519").privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
});

t.test("a binding of another Node is named, with what to do", async (t) => {
  for (const command of [
    ["analyze", "demo/video.mp4"],
    ["run", "--source.kind=file", "--source.uri=demo/video.mp4"],
    ["doctor"],
  ]) {
    const { status, plain } = await stale(...command);
    t.equal(status, 1);
    t.match(plain[0], /^flinch: Node v\d+.* cannot load .*different Node.*npm run setup \[NATIVE_MODULE\]$/);
    t.equal(plain.length, 1, "no stack");
  }
});

t.test("the version, the configuration and completion do without", async (t) => {
  for (const command of [
    ["version"],
    ["--version"],
    ["config", "print"],
    ["config", "check"],
    ["config", "schema"],
    ["config", "docs"],
    ["config", "pipeline", "--source.kind=csi"],
    ["config", "sign", join(dir, "desired.json"), "--key", join(dir, "private.pem")],
    ["completion", "bash"],
    ["complete", "bash", "run", "--source.u"],
  ]) {
    const { status, plain, output } = await stale(...command);
    t.same([status, plain], [0, []], command.join(" "));
    t.ok(output.length > 0);
  }
  t.match((await stale("version")).output[0], /^flinch \d+\.\d+\.\d+$/);
});

t.test("a command that does not exist brings the nearest to mind", async (t) => {
  const { status, plain } = await stale("analyse");
  t.equal(status, 1);
  t.match(plain[0], /no command 'analyse'; did you mean analyze\?/);
  t.match((await stale("constructor")).plain[0], /no command 'constructor'; there are run/);
});

import { join } from "node:path";
import t from "tap";
import { refused } from "./support/refused.js";

const dir = t.testdir();
const file = (name: string) => join(dir, name);
const local = [`--outbox.directory=${file("outbox")}`, "--mqtt.embeddedPort=0", "--recognition.providers=cpu"];

t.test("a command that is none names those that are", (t) =>
  refused(t, ["watch"], /no command 'watch'.*run.*analyze.*doctor.*bench.*config.*\[USAGE\]/),
);

t.test("missing or superfluous arguments show how it is meant", async (t) => {
  await refused(t, ["analyze"], /argument 'VIDEO'; usage: flinch analyze .*<VIDEO\.\.\.> \[USAGE\]/);
  await refused(t, ["analyze", "a.mp4", "b.mp4"], /2 videos need --out DIR.*\[USAGE\]/);
  await refused(
    t,
    ["analyze", "a.mp4", "--out=x", "--summary=y"],
    /--out DIR .* does not go with --summary.*\[USAGE\]/,
  );
  await refused(t, ["run", "a.mp4"], /usage: flinch run.*\[USAGE\]/);
  await refused(t, ["bench", "a.mp4", "b.mp4"], /usage: flinch bench.*\[USAGE\]/);
  await refused(t, ["config", "show"], /no command 'config show'; there are print, check.*\[USAGE\]/);
});

t.test("an unknown key, a wrong value and an unreadable file", async (t) => {
  await refused(t, ["run", "--source.url=x"], /no key --source\.url.*--source\.uri.*\[CONFIG_INVALID\]/);
  await refused(t, ["run", "--clip.seconds=long"], /clip\.seconds.*long.*\[CONFIG_INVALID\]/);
  await refused(t, ["run", `--config=${file("none.json")}`], /none\.json.*\[CONFIG_UNREADABLE\]/);
});

t.test("a camera without a declared purpose is not opened", async (t) => {
  const camera = ["run", "--source.kind=v4l2", "--source.uri=/dev/video0", ...local];
  await refused(t, camera, /privacy\.purpose.*\[PURPOSE_MISSING\]/);
  await refused(t, [...camera, "--privacy.purpose=  "], /\[PURPOSE_MISSING\]/);
  await refused(t, ["run", "--privacy.purpose=test", ...local], /source\.uri is empty.*\[CONFIG_INVALID\]/);
});

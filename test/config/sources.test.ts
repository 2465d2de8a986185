import { writeFileSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { readArguments } from "../../src/config/arguments.js";
import { Parser } from "../../src/config/command-line.js";
import { loadConfig } from "../../src/config/index.js";
import { environmentName, keysByPath } from "../../src/config/paths.js";
import { deviceIdOf } from "../../src/config/schema/device.js";

t.test("every default is a value that its key allows", async (t) => {
  for (const [path, key] of keysByPath) t.ok(key.accepts(key.default), path);
  t.doesNotThrow(() => loadConfig({}));
});

t.test("files, environment and arguments override one another in that order", async (t) => {
  const directory = t.testdir({
    "a.json": JSON.stringify({ source: { width: 1, fps: 1, height: 100, queueFrames: 2 }, $schema: "x" }).replace(
      '"width":1',
      '"width":100',
    ),
    "b.json": JSON.stringify({ source: { fps: 2, height: 200 } }),
  });
  const { config, origins } = loadConfig({
    files: [join(directory, "a.json")],
    argv: ["--config", join(directory, "b.json"), "--source.width=400"],
    env: { FLINCH_SOURCE_WIDTH: "300", FLINCH_SOURCE_HEIGHT: "300" },
  });
  t.match(config.source, { width: 400, height: 300, fps: 2, queueFrames: 2, kind: "v4l2" });
  t.equal(origins.get("source.width"), "argument --source.width");
  t.equal(origins.get("source.height"), "environment variable FLINCH_SOURCE_HEIGHT");
  t.equal(origins.get("source.fps"), join(directory, "b.json"));
  t.equal(origins.get("source.queueFrames"), join(directory, "a.json"));
  t.equal(origins.get("source.kind"), "default");
});

t.test("the configuration cannot be changed by whoever gets it", async (t) => {
  const { config } = loadConfig({});
  t.throws(() => Object.assign(config.source, { width: 1 }), TypeError);
  t.throws(() => (config.recognition.providers as string[]).push("cpu"), TypeError);
});

t.test("text becomes what its key wants", async (t) => {
  const env = {
    FLINCH_RECOGNITION_PROVIDERS: "cuda, cpu",
    FLINCH_MQTT_PROTOCOL_VERSION: "4",
    FLINCH_SOURCE_LOOP: "yes",
  };
  const { config } = loadConfig({ env, argv: ["--spotting.threshold", "2.5", "--device.room", ""] });
  t.strictSame(config.recognition.providers, ["cuda", "cpu"]);
  t.equal(config.mqtt.protocolVersion, 4);
  t.equal(config.source.loop, true);
  t.equal(config.spotting.threshold, 2.5);
  t.equal(config.device.room, "");
});

t.test("a switch, a lone flag and positional arguments are told apart", async (t) => {
  const read = (...argv: string[]) => {
    const parser = new Parser("flinch").argument("[FILE...]").option("--json", "") as Parser;
    const line = readArguments(argv, parser);
    return { ...line, loop: loadConfig({ line }).config.source.loop };
  };
  const line = read("a.mp4", "--source.loop", "--json", "b.mp4", "--", "--c", "--source.loop");
  t.ok(line.loop && line.switches.has("json"));
  t.strictSame(line.positionals, ["a.mp4", "b.mp4", "--c", "--source.loop"]);
  t.match(read("--source.loop", "a.mp4"), { loop: true, positionals: ["a.mp4"] });
  t.match(read("--source.loop", "No"), { loop: false, positionals: [] });
  t.match(read("--source.loop", "--source.loop=false", "-"), { loop: false, positionals: ["-"] });
  t.throws(() => read("--source.loop=maybe"), { code: "CONFIG_INVALID", message: /argument --source\.loop/ });
});

t.test("a command's own options take a value, the last where there are several", async (t) => {
  const read = (...argv: string[]) => {
    const parser = new Parser("flinch").argument("[FILE...]").option("--report <FILE>", "") as Parser;
    return readArguments(argv, parser);
  };
  const line = read("--report", "a.html", "b.mp4", "--report=c=d.html");
  t.strictSame([...line.options], [["report", "c=d.html"]]);
  t.strictSame(line.positionals, ["b.mp4"]);
  t.strictSame([...read("--report=--x").options], [["report", "--x"]]);
  t.throws(() => read("--report", "--source.loop"), { code: "USAGE", message: /--report needs a value/ });
  t.throws(() => read("--repor=x"), { message: /did you mean --report\?/ });
  t.throws(() => loadConfig({ argv: ["--report=x"] }), { code: "CONFIG_INVALID" });
});

t.test("what decides over lawfulness is not set from afar", async (t) => {
  for (const path of ["privacy.purpose", "recognition.report", "recognition.attention", "recognition.model"]) {
    t.equal(keysByPath.get(path)?.remote, false, path);
  }
});

t.test("every key has an environment variable of its own", async (t) => {
  const names = [...keysByPath.keys()].map(environmentName);
  t.equal(new Set(names).size, names.length);
  t.ok(names.includes("FLINCH_RECOGNITION_TENSORRT_ENGINE_CACHE_DIRECTORY"));
});

t.test("a host name becomes a name that may stand in a topic", async (t) => {
  t.equal(deviceIdOf("jetson.local"), "jetson.local");
  t.equal(deviceIdOf("/ein Gerät/#"), "ein-Ger-t");
  t.equal(deviceIdOf("###"), "flinch");
});

t.test("the shipped example is valid", async (t) => {
  t.doesNotThrow(() => loadConfig({ files: ["config/example.json"] }));
});

t.test("a file that is not there or not JSON is named, its content is not", async (t) => {
  const directory = t.testdir();
  const file = join(directory, "bad.json");
  writeFileSync(file, '{ "mqtt": geheim');
  t.throws(() => loadConfig({ files: [file] }), {
    code: "CONFIG_UNREADABLE",
    message: new RegExp(`^configuration file ${file} is not JSON`),
  });
  try {
    loadConfig({ files: [file] });
  } catch (thrown) {
    t.notMatch((thrown as Error).message, "geheim");
  }
  t.throws(() => loadConfig({ argv: ["--config", "/nowhere.json"] }), {
    code: "CONFIG_UNREADABLE",
    message: /nowhere/,
  });
});

t.test("recognition.minEvidence is a number, or null where spotting.sensitivity is to decide", async (t) => {
  const minEvidence = (...argv: string[]) => loadConfig({ argv }).config.recognition.minEvidence;
  t.equal(minEvidence(), null);
  t.equal(minEvidence("--recognition.minEvidence=4.5"), 4.5);
  const { config } = loadConfig({
    argv: ["--recognition.minEvidence=null"],
    env: { FLINCH_RECOGNITION_MIN_EVIDENCE: "4.5" },
  });
  t.equal(config.recognition.minEvidence, null);
  for (const wrong of ["", "none", "21"]) {
    t.throws(() => minEvidence(`--recognition.minEvidence=${wrong}`), { code: "CONFIG_INVALID" });
  }
});

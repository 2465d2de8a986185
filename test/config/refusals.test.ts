import { join } from "node:path";
import t from "tap";
import { checkConfig, loadConfig, printConfig, requireSource } from "../../src/config/index.js";

type Refusal = readonly [what: string, input: Parameters<typeof loadConfig>[0], message: RegExp];

const refusals: readonly Refusal[] = [
  ["an unknown argument", { argv: ["--source.witdh=3"] }, /no key --source.witdh; did you mean --source.width\?/],
  ["the last part of a key", { argv: ["--threshold", "3"] }, /did you mean --spotting.threshold\?/],
  ["an unknown variable", { env: { FLINCH_MQTT_ULR: "x" } }, /no key FLINCH_MQTT_ULR; did you mean FLINCH_MQTT_URL\?/],
  ["nonsense", { argv: ["--qqqqqqqqqqqq=1"] }, /see docs\/configuration.md/],
  [
    "a number with a tail",
    { env: { FLINCH_SOURCE_FPS: "30fps" } },
    /FLINCH_SOURCE_FPS: source.fps must be a number from 0 to 1000, but is "30fps"/,
  ],
  ["an empty number", { env: { FLINCH_SOURCE_FPS: "" } }, /but is ""/],
  ["a hexadecimal number", { argv: ["--source.width=0x280"] }, /must be a whole number/],
  ["a number out of range", { argv: ["--recognition.maxNone", "1.5"] }, /a number from 0 to 1, but is 1.5/],
  ["a fraction for a whole number", { argv: ["--face.maxFaces=1.5"] }, /whole number/],
  [
    "a word that is no choice",
    { argv: ["--source.kind=usb"] },
    /one of v4l2, csi, gstreamer, rtsp, http, file, but is "usb"/,
  ],
  [
    "a level of report that is none",
    { argv: ["--recognition.report=all"] },
    /one of emotion, valence, action_units, motion, but is "all"/,
  ],
  ["a provider twice", { argv: ["--recognition.providers=cpu,cpu"] }, /each once/],
  ["no provider", { argv: ["--recognition.providers="] }, /one or more of tensorrt, cuda, cpu/],
  ["a cron expression that is none", { argv: ["--schedule.heartbeat=* * 99 * *"] }, /cron/],
  ["a time zone that is none", { argv: ["--schedule.timezone=Mars/Base"] }, /IANA/],
  ["a device id that is no topic level", { argv: ["--device.id=a/b"] }, /device.id must be/],
  ["a wildcard in the prefix", { argv: ["--mqtt.topicPrefix=a/#"] }, /mqtt.topicPrefix must be/],
  ["a broker that is no URL", { argv: ["--mqtt.url=broker.local"] }, /mqtt:\/\//],
  [
    "minMs above maxMs",
    { argv: ["--spotting.minMs=500"] },
    /spotting.minMs \(500\) must be less than spotting.maxMs \(500\)/,
  ],
  ["a clip shorter than an expression", { argv: ["--clip.seconds=0.5", "--spotting.maxMs=501"] }, /clip.seconds/],
  [
    "reconnect waits the wrong way round",
    { argv: ["--mqtt.reconnectMinMs=100", "--mqtt.reconnectMaxMs=50"] },
    /mqtt.reconnectMinMs/,
  ],
  ["a source's waits the wrong way round", { argv: ["--source.reconnectMaxMs=50"] }, /source.reconnectMinMs/],
  ["a certificate without its key", { argv: ["--mqtt.tls.certFile=c.pem"] }, /set both or neither/],
  ["recording hours without an end", { argv: ["--schedule.recording.start=0 8 * * *"] }, /set both or neither/],
  [
    "recording hours of no length",
    { argv: ["--schedule.recording.start=0 8 * * *", "--schedule.recording.stop=0 8 * * *"] },
    /no time lies between them/,
  ],
  ["recording hours to the second", { argv: ["--schedule.recording.stop=0 0 8 * * *"] }, /five fields, or empty/],
  [
    "a board that is cool while it is hot",
    { argv: ["--board.hotMarginC=10", "--board.coolMarginC=10"] },
    /board\.hotMarginC \(10\) must be less than board\.coolMarginC \(10\)/,
  ],
  ["a frequency that no mains has", { argv: ["--source.mainsHz=55"] }, /one of 0, 50, 60/],
  ["a password without a user", { argv: ["--mqtt.passwordFile=p"] }, /needs mqtt.username/],
];

for (const [what, input, message] of refusals) {
  t.test(`refuses ${what}`, async (t) => {
    t.throws(() => loadConfig(input), { name: "FlinchError", code: "CONFIG_INVALID", message });
  });
}

t.test("refuses an option without its value", async (t) => {
  t.throws(() => loadConfig({ argv: ["--source.uri", "--source.loop"] }), {
    code: "USAGE",
    message: /--source.uri needs a value/,
  });
  t.throws(() => loadConfig({ argv: ["--config"] }), { code: "USAGE" });
});

t.test("names the file and the key of what it refuses", async (t) => {
  const refuse = (content: unknown, message: RegExp) => {
    const file = join(t.testdir({ "f.json": JSON.stringify(content) }), "f.json");
    t.throws(() => loadConfig({ files: [file] }), { code: "CONFIG_INVALID", message });
  };
  refuse({ source: { fsp: 3 } }, /f.json: there is no key source.fsp; did you mean source.fps\?/);
  refuse({ source: { fps: "30" } }, /f.json: source.fps must be a number from 0 to 1000, but is "30"/);
  refuse({ source: 3 }, /f.json: source must be an object of keys, but is 3/);
  refuse([], /f.json: the configuration must be an object/);
  refuse({ constructor: {} }, /no key constructor/);
});

t.test("never shows credentials", async (t) => {
  const argv = ["--source.uri=rtsp://me:geheim@cam/live?token=geheim", "--source.pipeline=rtspsrc user-pw=geheim ! x"];
  t.notMatch(printConfig(loadConfig({ argv })), /geheim/);
  t.match(printConfig(loadConfig({ argv })), /rtsp:\/\/\*\*\*@cam\/live/);
  t.throws(() => loadConfig({ argv: ["--mqtt.url=mqtt://me:geheim@broker"] }), { message: /mqtt:\/\/\*\*\*@broker/ });
});

t.test("print gives a file that can be read again", async (t) => {
  const loaded = loadConfig({ argv: ["--source.fps=25"] });
  const file = join(t.testdir({ "p.json": printConfig(loaded) }), "p.json");
  t.strictSame(loadConfig({ files: [file] }).config, loaded.config);
});

t.test("check says what was set", async (t) => {
  t.match(checkConfig({ argv: ["--source.fps=25"] }), /^configuration is valid: 1 of \d+ keys set/);
  t.throws(() => checkConfig({ argv: ["--source.fps=x"] }), { code: "CONFIG_INVALID" });
});

t.test("a source needs to be told", async (t) => {
  const need =
    (...argv: string[]) =>
    () =>
      requireSource(loadConfig({ argv }).config);
  t.throws(need(), { code: "CONFIG_INVALID", message: /source.uri is empty.*\/dev\/video0/ });
  t.throws(need("--source.kind=gstreamer"), { message: /source.pipeline is empty/ });
  t.doesNotThrow(need("--source.kind=csi"));
  t.doesNotThrow(need("--source.uri=0"));
});

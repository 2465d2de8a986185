import { Ajv2020 } from "ajv/dist/2020.js";
import t from "tap";
import { flinch } from "../support/cli.js";

t.test("help is no error", async (t) => {
  for (const word of ["--help", "-h", "help"]) {
    const { status, output, plain } = await flinch(word);
    t.same([status, plain], [0, []]);
    for (const command of ["run", "analyze", "doctor", "bench", "config"]) t.match(output.join("\n"), `  ${command} `);
  }
});

t.test("config print shows what would be in force, and conforms to config schema", async (t) => {
  const printed = await flinch("config", "print", "--device.room=Room 1", "--source.uri=rtsp://me:secret@camera/x");
  t.equal(printed.status, 0);
  t.notMatch(printed.output.join("\n"), /secret/);
  const config = JSON.parse(printed.output.join("\n")) as { device: { room: string } };
  t.equal(config.device.room, "Room 1");
  const schema = await flinch("config", "schema");
  t.equal(schema.status, 0);
  const ajv = new Ajv2020({ strict: false });
  t.ok(ajv.validate(JSON.parse(schema.output.join("\n")), config), ajv.errorsText());
});

t.test("config check says what is set, and what is wrong with it", async (t) => {
  const good = await flinch("config", "check", "--device.room=Room 1");
  t.same([good.status, good.plain], [0, []]);
  t.match(good.output[0], /valid: 1 of \d+ keys/);
  const bad = await flinch("config", "check", "--spotting.minMs=600");
  t.same([bad.status, bad.plain.length], [1, 1]);
  t.match(bad.plain[0], /^flinch: .*spotting\.minMs \(600\).*spotting\.maxMs.*\[CONFIG_INVALID\]$/);
});

t.test("the shipped configurations are valid", async (t) => {
  for (const name of ["demo", "example"]) {
    const { status, plain } = await flinch("config", "check", `--config=config/${name}.json`);
    t.same([status, plain], [0, []], name);
  }
});

t.test("config pipeline prints what GStreamer runs, without credentials; other kinds have none", async (t) => {
  const rtsp = await flinch("config", "pipeline", "--source.kind=rtsp", "--source.uri=rtsp://me:hunter2@camera/1");
  t.equal(rtsp.status, 0);
  t.match(rtsp.output.join("\n"), /^rtspsrc location="rtsp:\/\/\*\*\*@camera\/1" .* ! appsink /);
  const file = await flinch("config", "pipeline", "--source.kind=file", "--source.uri=a.mp4");
  t.equal(file.status, 1);
  t.match(file.plain.join("\n"), /source\.kind file is read by FFmpeg: it has no pipeline \[USAGE\]/);
});

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { Flinch } from "../support/cli.js";
import { promised } from "../support/contract.js";
import { EVERY_CANDIDATE, shortVideo } from "../support/demo.js";
import { conforms } from "../support/schemas.js";
import { shippedBroker } from "../support/shipped-broker.js";

interface Told {
  readonly topic: string;
  readonly text: string;
}

const dir = t.testdir();
const video = await shortVideo(join(dir, "short.mp4"));

t.test("what the daemon needs to get in stands in no message and in no log", async (t) => {
  const certificates = (conf: string) => conf.replace(/^#(cafile|require_certificate)/gm, "$1");
  const { authority, client, url } = await shippedBroker(t, ["room-1", "operator", "homeassistant"], certificates);
  const { cert, key } = authority.client("room-1");
  const files = { ca: authority.cert, cert, key, password: "secret of room-1\n", wrong: "secret of nobody\n" };
  for (const [name, content] of Object.entries(files)) writeFileSync(join(dir, name), content);

  const told: Told[] = [];
  for (const name of ["operator", "homeassistant"]) {
    const subscriber = await client(name);
    subscriber.on("message", (topic, payload) => told.push({ topic, text: payload.toString() }));
    await subscriber.subscribeAsync(name === "operator" ? "flinch/#" : "homeassistant/#", { qos: 1 });
  }
  const run = (password: string) => {
    const source = ["--source.kind=file", `--source.uri=${video}`, "--source.pace=fast", "--device.id=room-1"];
    const place = [`--outbox.directory=${join(dir, "outbox")}`, `--mqtt.url=${url}`, "--log.level=trace"];
    const user = ["--mqtt.username=room-1", `--mqtt.passwordFile=${password}`, `--mqtt.tls.caFile=${dir}/ca`];
    const own = [`--mqtt.tls.certFile=${dir}/cert`, `--mqtt.tls.keyFile=${dir}/key`];
    const announced = "--mqtt.discoveryPrefix=homeassistant";
    const args = ["run", ...source, ...place, ...user, ...own, announced, ...EVERY_CANDIDATE];
    const daemon = new Flinch(args, { CREDENTIALS_DIRECTORY: dir });
    t.teardown(() => daemon.dispose());
    return daemon;
  };

  const refused = run(`${dir}/wrong`);
  await refused.logged(/^no connection to the broker .*mqtt\.username/);
  refused.kill("SIGTERM");
  t.equal(await refused.ended, 0);
  t.same(told, []);

  const daemon = run("$CREDENTIALS_DIRECTORY/password");
  t.same([await daemon.ended, daemon.plain], [0, []]);
  for (const end of ["availability", "info", "state", "config/reported", "event/micro_expression"])
    t.ok(
      told.some(({ topic }) => topic === `flinch/room-1/${end}`),
      end,
    );
  t.ok(told.some(({ topic }) => topic === "homeassistant/device/flinch/room-1/config"));
  for (const { topic, text } of told) t.equal(conforms(promised(topic).schema, JSON.parse(text)), "", topic);

  const secrets = ["secret of", ...key.split("\n").filter((line) => line.length > 20)];
  for (const said of [...told.map(({ text }) => text), ...[refused, daemon].map(({ log }) => JSON.stringify(log))])
    for (const secret of secrets) t.notOk(said.includes(secret), "a secret was told");
});

t.test("credentials in the broker's address are refused before anything is said", async (t) => {
  const daemon = new Flinch(["run", `--source.uri=${video}`, "--mqtt.url=mqtt://me:geheim@broker.local"]);
  t.not(await daemon.ended, 0);
  t.match(daemon.plain.join("\n"), /mqtt\.url/);
  t.notMatch([...daemon.plain, ...daemon.output, JSON.stringify(daemon.log)].join("\n"), /geheim/);
});

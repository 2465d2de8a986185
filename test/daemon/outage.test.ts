import { join } from "node:path";
import t from "tap";
import { Flinch } from "../support/cli.js";
import { EVERY_CANDIDATE, shortVideo } from "../support/demo.js";
import { Mosquitto, Subscriber } from "../support/mosquitto.js";

t.test("events that no broker took are on disk, and the next start delivers them first", async (t) => {
  const dir = t.testdir();
  const video = await shortVideo(join(dir, "short.mp4"));
  const broker = await Mosquitto.start();
  t.teardown(() => broker.stop());
  await broker.kill();
  const source = ["--source.kind=file", `--source.uri=${video}`, "--source.pace=fast"];
  const place = [`--outbox.directory=${dir}/outbox`, `--mqtt.url=${broker.url}`, "--device.id=room-1"];
  const start = () => {
    const daemon = new Flinch(["run", ...source, ...place, ...EVERY_CANDIDATE, "--mqtt.reconnectMaxMs=1000"]);
    t.teardown(() => daemon.dispose());
    return daemon;
  };

  const alone = start();
  t.equal(await alone.ended, 0, "the daemon works without a broker");
  t.same(alone.plain, []);
  const warnings = alone.log.filter(({ level }) => level === "warn");
  t.match(warnings[0], { code: "MQTT_REFUSED", msg: /^no connection to the broker mqtt:.*trying again$/ });
  const raised = alone.log.filter(({ msg }) => msg === "event");
  t.ok(raised.length > 0);
  t.match(warnings.at(-1), { pending: raised.length, msg: /^events wait on disk for the next start$/ });

  await broker.run();
  const subscriber = new Subscriber(broker.port, "flinch/room-1/event/#");
  t.teardown(() => subscriber.close());
  const served = start();
  t.equal(await served.ended, 0);
  await subscriber.message(({ payload }) => payload["sequence"] === 2 * raised.length);
  const sequences = subscriber.messages.map(({ payload }) => payload["sequence"]);
  t.same(
    sequences,
    [...sequences.keys()].map((i) => i + 1),
    "all, in order, none twice",
  );
  const boots = new Set(subscriber.messages.map(({ payload }) => payload["bootId"]));
  t.equal(boots.size, 2, "each with the start that raised it");
  t.notOk(served.log.some(({ level, msg }) => level === "warn" && /wait on disk/.test(msg)));
});

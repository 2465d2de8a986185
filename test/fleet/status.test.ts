import { once } from "node:events";
import t from "tap";
import { Flinch, flinch } from "../support/cli.js";
import { until } from "../support/logs.js";
import { Mosquitto, Subscriber } from "../support/mosquitto.js";
import { shippedBroker } from "../support/shipped-broker.js";
import { retain } from "./support/retain.js";
import { Room } from "./support/room.js";
import { startRoomProcess } from "./support/room-process.js";

const broker = await Mosquitto.start();
t.teardown(() => broker.stop());
const subscriber = new Subscriber(broker.port);
t.teardown(() => subscriber.close());
await subscriber.ready();

const east = await Room.start(broker.url, "east", ["--device.groups=ground-floor"]);
t.teardown(() => east.stop());
const west = startRoomProcess(t, broker.url, "west");
await subscriber.message(({ topic }) => topic === "flinch/west/state", 60_000);
await retain(broker.url, "flinch/east/config/desired", { version: 7, config: { spotting: { minProbability: 0.6 } } });
await retain(broker.url, "flinch/_groups/ground-floor/config/desired", { version: 3, config: { nothing: {} } });
await until(() => east.current.spotting.minProbability === 0.6);
west.kill("SIGKILL");
await once(west, "exit");
await subscriber.message(
  ({ topic, payload }) => topic === "flinch/west/availability" && payload["status"] === "offline",
);
// What others may have left at the broker.
await retain(broker.url, "flinch/odd/state", { schema: "flinch/state/1", at: "never" });
await retain(broker.url, "flinch/north/state", { schema: "flinch/state/9", at: "never" });

t.test("a table has a line for each device, and says what was refused", async (t) => {
  const { status, output } = await flinch("fleet", "status", "--broker", broker.url);
  t.equal(status, 0);
  const [heading = "", first = "", second = "", , ...reasons] = output;
  t.match(heading, /^device +status +flinch +model +config +source +outbox +events +last event +°C +state +clock$/);
  t.match(first, /^east +online +0\.0\.0 +hsta 1 +7 ground-floor:– \(3 refused\) +streaming 30\/s +1 \(5 s\) +2 +–/);
  t.match(first, / 100 throttled +\d s +(–|right)$/);
  t.match(second, /^west +offline /);
  t.match(reasons, [/^east: group\/ground-floor version 3 refused: nothing: there is no such key/]);
  t.equal(reasons.length, 1);
});

t.test("JSON has the same for a program", async (t) => {
  const { status, output } = await flinch("fleet", "status", `--mqtt.url=${broker.url}`, "--json");
  t.equal(status, 0);
  const rows = JSON.parse(output.join(""));
  t.match(rows, [
    {
      device: "east",
      status: "online",
      config: [
        { of: "device", version: 7, inForce: 7, status: "applied", reason: null },
        { of: "group/ground-floor", version: 3, inForce: null, status: "refused" },
      ],
      source: "streaming",
      outbox: { pending: 1, oldestS: 4.5 },
      hottestC: 99.5,
      throttled: true,
    },
    { device: "west", status: "offline" },
  ]);
  t.equal(rows.length, 2, "nothing is made of what is no state of this version");
});

t.test("who watches sees clocks and events as they come", async (t) => {
  const watching = new Flinch(["fleet", "status", "--broker", broker.url, "--watch", "--json"]);
  t.teardown(() => watching.dispose());
  const east = () => JSON.parse(watching.output.at(-1) ?? "[]")[0] ?? {};
  await until(() => typeof east().clockS === "number", 60_000);
  t.ok(Math.abs(east().clockS) < 60);
  t.equal(east().lastEventAt, null);
  await retain(broker.url, "flinch/east/event/micro_expression", { id: "x" });
  await until(() => typeof east().lastEventAt === "string", 60_000);
  watching.kill("SIGINT");
  t.equal(await watching.ended, 0);
});

t.test("an operator reads the shipped broker, over TLS and with a password out of a file", async (t) => {
  const { authority, client, url } = await shippedBroker(t, ["room-1", "operator"]);
  const files = t.testdir({ "ca.pem": authority.cert, secret: "secret of operator\n", wrong: "guessed" });
  const device = await client("room-1");
  const online = { schema: "flinch/availability/1", status: "online", bootId: "boot", at: null };
  await device.publishAsync("flinch/room-1/availability", JSON.stringify(online), { qos: 1, retain: true });
  const as = (secret: string) => [
    ...["fleet", "status", "--broker", url, "--mqtt.username=operator"],
    ...[`--mqtt.passwordFile=${files}/${secret}`, `--mqtt.tls.caFile=${files}/ca.pem`],
  ];
  const { status, output } = await flinch(...as("secret"));
  t.match([status, output[1]], [0, /^room-1 +online /]);
  const refused = await flinch(...as("wrong"));
  t.match([refused.status, refused.plain[0]], [1, /refuses the user name or password|does not let this user in/]);
});

t.test("a broker that is none, and one without devices, are told", async (t) => {
  const none = await flinch("fleet", "status", "--broker", "mqtt://127.0.0.1:1");
  t.match([none.status, none.plain[0]], [1, /no connection to the broker mqtt:\/\/127.0.0.1:1: .*\[MQTT_REFUSED\]/]);
  const unnamed = await flinch("fleet", "status");
  t.match([unnamed.status, unnamed.plain[0]], [1, /no broker is named.*\[USAGE\]/]);
  const empty = await flinch("fleet", "status", "--broker", broker.url, "--mqtt.topicPrefix=elsewhere");
  t.same([empty.status, empty.output.length], [1, 1]);
});

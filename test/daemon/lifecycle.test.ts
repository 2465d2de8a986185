import { join } from "node:path";
import t, { type Test } from "tap";
import { Flinch } from "../support/cli.js";
import { EVERY_CANDIDATE, shortVideo } from "../support/demo.js";
import { freePort } from "../support/free-port.js";
import { type Message, Mosquitto, Subscriber } from "../support/mosquitto.js";

const dir = t.testdir();
const video = await shortVideo(join(dir, "short.mp4"));

/** A daemon that watches the video over and over, as if it were a camera. */
function watching(t: Test, url: string, ...args: string[]): Flinch {
  const source = ["--source.kind=file", `--source.uri=${video}`, "--source.loop", "--device.id=room-1"];
  const place = [`--outbox.directory=${join(dir, t.name.replaceAll(/\W+/g, "-"))}`, `--mqtt.url=${url}`];
  const daemon = new Flinch(["run", ...source, ...place, ...EVERY_CANDIDATE, ...args]);
  t.teardown(() => daemon.dispose());
  return daemon;
}

async function brokerFor(t: Test): Promise<{ url: string; port: number; subscriber: Subscriber }> {
  const broker = await Mosquitto.start();
  t.teardown(() => broker.stop());
  const subscriber = new Subscriber(broker.port);
  t.teardown(() => subscriber.close());
  return { url: broker.url, port: broker.port, subscriber };
}

const is = (status: string) => (message: Message) => message.payload["status"] === status;

for (const signal of ["SIGTERM", "SIGINT"] as const) {
  t.test(`${signal} is a clean stop: 'stopped', and status 0`, async (t) => {
    const { url, subscriber } = await brokerFor(t);
    const daemon = watching(t, url, "--schedule.heartbeat=* * * * * *");
    await daemon.logged(/^watching$/);
    const { payload } = await subscriber.message(is("online"));
    // The state is told again and again.
    const states = () => subscriber.messages.filter(({ topic }) => topic.endsWith("/state"));
    await subscriber.message(() => states().length >= 3);
    const asked = performance.now();
    daemon.kill(signal);
    t.equal(await daemon.ended, 0);
    t.ok(performance.now() - asked < 8000, `took ${performance.now() - asked} ms`);
    t.same(daemon.plain, []);
    t.match(await subscriber.message(is("stopped")), { payload: { bootId: payload["bootId"] } });
    t.notOk(subscriber.messages.some(is("offline")));
  });
}

t.test("a crash is told by the broker: 'offline', and so to who comes later", async (t) => {
  const { url, port, subscriber } = await brokerFor(t);
  const daemon = watching(t, url);
  await daemon.logged(/^watching$/);
  const { payload } = await subscriber.message(is("online"));
  daemon.kill("SIGKILL");
  t.equal(await daemon.ended, "SIGKILL");
  t.match(await subscriber.message(is("offline")), {
    topic: "flinch/room-1/availability",
    payload: { bootId: payload["bootId"], at: null },
  });
  const late = new Subscriber(port);
  t.teardown(() => late.close());
  t.ok((await late.message(is("offline"))).retained);
  t.notOk(late.messages.some(is("online")));
});

t.test("a stop asked for while it starts is a clean stop too", async (t) => {
  const { url, subscriber } = await brokerFor(t);
  const daemon = watching(t, url);
  await daemon.logged(/^models ready$/);
  daemon.kill("SIGTERM");
  t.same([await daemon.ended, daemon.plain], [0, []]);
  t.notOk(subscriber.messages.some(is("offline")));
});

t.test("without a broker it stops just as soon", async (t) => {
  const daemon = watching(t, `mqtt://127.0.0.1:${await freePort()}`);
  await daemon.logged(/^no connection to the broker/);
  await daemon.logged(/^watching$/);
  const asked = performance.now();
  daemon.kill("SIGTERM");
  t.equal(await daemon.ended, 0);
  t.ok(performance.now() - asked < 8000, `took ${performance.now() - asked} ms`);
});

t.test("the broker inside, of a first run, gives events to who subscribes on this machine", async (t) => {
  const daemon = watching(t, "", "--mqtt.embeddedPort=0");
  const { port } = await daemon.logged(/^embedded broker listening$/);
  const subscriber = new Subscriber(Number(port), "flinch/#", ["-V", "mqttv311"]);
  t.teardown(() => subscriber.close());
  const event = await subscriber.message(({ topic }) => topic.endsWith("/event/micro_expression"), 60_000);
  t.match(event.payload, { schema: "flinch/micro_expression/1", device: "room-1", sequence: 1, context: Array });
  daemon.kill("SIGTERM");
  t.equal(await daemon.ended, 0);
});

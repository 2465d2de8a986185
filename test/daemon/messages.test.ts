import { join } from "node:path";
import t from "tap";
import type { MicroExpressionEvent } from "../../src/contract/event.js";
import type { State } from "../../src/contract/state.js";
import { Flinch } from "../support/cli.js";
import { EVERY_CANDIDATE, shortVideo } from "../support/demo.js";
import { type Message, Mosquitto, Subscriber } from "../support/mosquitto.js";
import { conforms } from "../support/schemas.js";

const dir = t.testdir();
const video = await shortVideo(join(dir, "short.mp4"));
const broker = await Mosquitto.start();
const subscriber = new Subscriber(broker.port, "flinch/#");
t.teardown(async () => {
  subscriber.close();
  await broker.stop();
});

async function run(outbox: string, ...args: string[]) {
  const source = ["--source.kind=file", `--source.uri=${video}`, "--source.pace=fast", "--device.id=room-1"];
  const place = [`--outbox.directory=${join(dir, outbox)}`, `--mqtt.url=${broker.url}`];
  const daemon = new Flinch(["run", ...source, ...place, ...EVERY_CANDIDATE, ...args]);
  t.teardown(() => daemon.dispose());
  t.same([await daemon.ended, daemon.plain, daemon.output], [0, [], []]);
  const { payload } = await subscriber.message(isNew("availability", "stopped"));
  const bootId = String(payload["bootId"]);
  seen.add(bootId);
  const messages = subscriber.messages.filter((message) => message.payload["bootId"] === bootId);
  const named = (name: string) => messages.filter(({ topic }) => topic === `flinch/room-1/${name}`);
  return { bootId, daemon, messages, named };
}

const seen = new Set<string>();
const isNew = (name: string, status: string) => (message: Message) =>
  message.topic.endsWith(`/${name}`) &&
  message.payload["status"] === status &&
  !seen.has(String(message.payload["bootId"]));

const events = (messages: readonly Message[]) =>
  messages.map(({ payload }) => payload as unknown as MicroExpressionEvent);

t.test("a file's events are published, with everything that says what publishes them", async (t) => {
  const { bootId, daemon, messages, named } = await run("first");
  for (const { topic, payload, retained } of messages) {
    const schema = String(payload["schema"]).split("/")[1] ?? "";
    t.equal(conforms(schema, payload), "", topic);
    t.notOk(retained, "told as it happened");
  }
  t.same(
    named("availability").map(({ payload }) => payload["status"]),
    ["online", "stopped"],
  );
  t.match(named("info")[0]?.payload, { device: "room-1", provider: "cpu", versions: { node: process.versions.node } });
  t.match(named("config/reported")[0]?.payload, { config: { source: { pace: "fast" }, device: { id: "room-1" } } });
  const told = events(named("event/micro_expression"));
  t.ok(told.length > 0);
  t.same(
    told.map(({ sequence }) => sequence),
    told.map((_, i) => i + 1),
  );
  for (const event of told) {
    t.match(event, { device: "room-1", bootId, provider: "cpu", session: null });
    const lasted = Date.parse(event.offsetAt) - Date.parse(event.onsetAt);
    t.ok(Math.abs(lasted - (event.offsetMs - event.onsetMs)) <= 1, `${lasted} ms on the wall clock`);
  }
  const state = named("state").at(-1)?.payload as unknown as State;
  t.match(state, { faces: { tooSmall: 0, overLimit: 0 }, clips: { evictedEarly: 0 } });
  t.match(state, { source: { status: "ended", dropped: 0 }, events: { raised: told.length, pending: 0 } });
  t.match(state.broker, { connected: true, protocol: "5" });
  t.ok(daemon.log.some(({ msg }) => msg === "the source has ended"));
});

t.test("who comes later finds what is, and no event of the past", async (t) => {
  const late = new Subscriber(broker.port, "flinch/#");
  t.teardown(() => late.close());
  await late.message(({ topic }) => topic.endsWith("/state"));
  await late.message(({ topic }) => topic.endsWith("/config/reported"));
  t.match(await late.message(({ topic }) => topic.endsWith("/availability")), {
    retained: true,
    payload: { status: "stopped" },
  });
  t.match(await late.message(({ topic }) => topic.endsWith("/info")), { retained: true });
  t.notOk(late.messages.some(({ topic }) => topic.includes("/event/")));
});

t.test("after a restart the numbers go on, and the same moments keep their ids", async (t) => {
  const [one, two] = [await run("counted"), await run("counted")];
  t.not(one.bootId, two.bootId);
  const [before, after] = [one, two].map(({ named }) => events(named("event/micro_expression")));
  const count = before?.length ?? 0;
  t.same(
    after?.map(({ sequence }) => sequence),
    before?.map(({ sequence }) => sequence + count),
  );
  t.same(
    after?.map(({ id }) => id),
    before?.map(({ id }) => id),
  );
});

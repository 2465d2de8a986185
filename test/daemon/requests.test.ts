import { join } from "node:path";
import { connectAsync } from "mqtt";
import t, { type Test } from "tap";
import type { MicroExpressionEvent } from "../../src/contract/event.js";
import type { State } from "../../src/contract/state.js";
import type { Session, SessionSummary } from "../../src/contract/summary.js";
import { Flinch } from "../support/cli.js";
import { EVERY_CANDIDATE, shortVideo } from "../support/demo.js";
import { until } from "../support/logs.js";
import { type Message, Mosquitto, Subscriber } from "../support/mosquitto.js";
import { saidModels } from "../support/said.js";
import { conforms } from "../support/schemas.js";

const dir = t.testdir();
const video = await shortVideo(join(dir, "short.mp4"));
const person = { subject: "P-17", consent: "form/17" };
const PATIENCE_MS = 60_000;

/** A daemon that watches the video over and over, as if it were a camera, and somebody who asks it. */
async function device(t: Test, ...args: string[]) {
  const broker = await Mosquitto.start();
  t.teardown(() => broker.stop());
  const subscriber = new Subscriber(broker.port, "flinch/#");
  t.teardown(() => subscriber.close());
  await subscriber.ready();
  const asker = await connectAsync(broker.url);
  t.teardown(() => asker.end(true));
  const own = join(dir, t.name.replaceAll(/\W+/g, "-"));
  const start = () => {
    const source = ["--source.kind=file", `--source.uri=${video}`, "--source.loop", "--device.id=room-1"];
    const place = [`--outbox.directory=${own}/outbox`, `--state.directory=${own}/state`, `--mqtt.url=${broker.url}`];
    const daemon = new Flinch(["run", ...source, ...place, ...EVERY_CANDIDATE, "--ops.restartMinUptimeS=0", ...args]);
    t.teardown(() => daemon.dispose());
    return daemon;
  };
  let number = 0;
  /** Asks until there is an answer: at first nobody may be listening. */
  const ask = async (name: string, parameters: object = {}): Promise<Message> => {
    const transaction = `q${number++}`;
    const answered = ({ topic, payload }: Message) =>
      topic === `flinch/room-1/response/${name}` && payload["transaction"] === transaction;
    await asker.publishAsync(`flinch/room-1/request/${name}`, JSON.stringify({ ...parameters, transaction }), {
      qos: 1,
    });
    const answer = await subscriber.message(answered, PATIENCE_MS);
    t.equal(conforms("response", answer.payload), "");
    return answer;
  };
  const listening = async (daemon: Flinch) => {
    await daemon.logged(/^connected to the broker/);
    const seen = subscriber.messages.length;
    await until(async () => {
      await asker.publishAsync("flinch/room-1/request/status", "{}", { qos: 1 });
      return subscriber.messages.slice(seen).some(({ topic }) => topic === "flinch/room-1/response/status");
    }, PATIENCE_MS);
  };
  const named = (name: string) => subscriber.messages.filter(({ topic }) => topic === `flinch/room-1/${name}`);
  return { start, ask, listening, subscriber, named };
}

const state = ({ payload }: Message) => payload as unknown as State;

t.test("where a session is demanded the source is open, and events are raised, in sessions alone", async (t) => {
  const { start, ask, listening, subscriber, named } = await device(t, "--privacy.requireSession");
  const daemon = start();
  await daemon.logged(/^paused: the source is closed$/);
  await listening(daemon);
  const before = (await ask("status")).payload["data"];
  t.match(before, { source: { status: "paused", captured: 0 }, pauses: ["no_session"], session: null });

  const started = (await ask("session/start", { ...person, room: "elsewhere" })).payload["data"] as Session;
  t.match(started, { ...person, room: "elsewhere", id: /^[0-9a-f-]{36}$/ });
  t.match((await ask("session/start", person)).payload, { status: "error", error: { code: "SESSION_OPEN" } });
  const event = await subscriber.message(({ topic }) => topic.endsWith("/event/micro_expression"), PATIENCE_MS);
  t.match(event.payload, { session: started.id, room: "elsewhere" });
  const told = await subscriber.message(
    (message) => message.topic.endsWith("/state") && state(message).session !== null,
  );
  t.match(state(told), { session: { id: started.id } });
  t.notMatch(JSON.stringify(named("state")), /P-17|form/, "the state does not say who");

  const stopped = await ask("session/stop");
  t.match(stopped.payload, { status: "ok", data: { session: started.id, reason: "request" } });
  const summary = await subscriber.message(({ topic }) => topic.endsWith("/event/session_summary"));
  t.equal(conforms("session_summary", summary.payload), "");
  const { events, labels, frames, coverage, timeline, ...said } = summary.payload as unknown as SessionSummary;
  t.match(said, { id: started.id, session: started.id, ...person, device: "room-1", interruptions: 0 });
  await subscriber.message((message) => message.topic.endsWith("/state") && state(message).pauses.length > 0);
  const raised = named("event/micro_expression").map(({ payload }) => payload as unknown as MicroExpressionEvent);
  t.equal(events, raised.length, "every event of the session, and no other");
  const counted = (of: Readonly<Record<string, number>> | readonly number[]) =>
    Object.values(of).reduce((sum, count) => sum + count, 0);
  t.same([counted(labels), counted(timeline.events)], [events, events]);
  t.ok(frames.captured > 0 && coverage > 0.1 && coverage <= 1, `${frames.captured} frames, coverage ${coverage}`);
  t.same(
    [...raised.map(({ sequence }) => sequence), summary.payload["sequence"]],
    Array.from({ length: events + 1 }, (_, i) => i + 1),
  );
  t.match((await ask("session/stop")).payload, { status: "error", error: { code: "SESSION_NONE" } });
  const after = (await ask("status")).payload["data"] as State;
  t.match(after, { source: { status: "paused" }, session: null });
  t.equal(((await ask("status")).payload["data"] as State).source.captured, after.source.captured, "nothing is read");
  t.notMatch(JSON.stringify(daemon.log), /P-17|form\/17/, "nor does the log");
  daemon.kill("SIGTERM");
  t.equal(await daemon.ended, 0);
});

t.test("the process ends in order when it is asked to, and a session is still open at the next start", async (t) => {
  const { start, ask, listening, subscriber } = await device(t);
  const first = start();
  await listening(first);
  const { id } = (await ask("session/start", person)).payload["data"] as Session;
  t.match((await ask("restart")).payload, { status: "ok", data: { scope: "process" } });
  t.same([await first.ended, first.plain], [0, []]);
  await subscriber.message(({ payload }) => payload["status"] === "stopped");
  const second = start();
  await listening(second);
  t.match((await ask("status")).payload, { data: { session: { id } } });
  t.match((await ask("session/stop")).payload, { data: { session: id, interruptions: 1 } });
  second.kill("SIGTERM");
  t.equal(await second.ended, 0);
});

t.test("without stopping the process: a new pipeline, new models, new baselines, and how it all is", async (t) => {
  const manifest = saidModels(join(dir, "models"));
  const { start, ask, listening, named } = await device(t, `--recognition.manifest=${manifest}`);
  const daemon = start();
  await listening(daemon);
  await daemon.logged(/^watching$/);
  const boot = async () => ((await ask("status")).payload["data"] as State).bootId;
  const bootId = await boot();
  const watches = async () => ((await ask("status")).payload["data"] as State).watches;
  t.equal(await watches(), 1);
  t.match((await ask("restart", { scope: "pipeline" })).payload, { status: "ok", data: { scope: "pipeline" } });
  t.equal(await watches(), 2);
  const { sha256 } = (named("info").at(-1)?.payload["model"] ?? {}) as { sha256?: string };
  t.match((await ask("model/reload")).payload, { status: "ok", data: { name: "said", provider: "cpu", sha256 } });
  t.equal(await watches(), 3);
  await until(async () => ((await ask("status")).payload["data"] as State).faces.followed === 1, PATIENCE_MS);
  t.match((await ask("spotting/recalibrate")).payload, { status: "ok", data: { faces: 1 } });
  const { checks } = (await ask("diagnostics")).payload["data"] as { checks: { name: string; status: string }[] };
  for (const name of ["node", "opencv", "models", "inference", "outbox", "state", "source"]) {
    t.match(
      checks.find((check) => check.name === name),
      { status: "ok" },
      name,
    );
  }

  // A model that is not what the manifest means is told of, and the one at work goes on.
  saidModels(join(dir, "models"), ["valence"], { sha256: "ab".repeat(32) });
  t.match((await ask("model/reload")).payload, { status: "error", error: { code: "MODEL_HASH" } });
  t.equal(await watches(), 3);
  t.equal(await boot(), bootId);
  daemon.kill("SIGTERM");
  t.same([await daemon.ended, daemon.plain], [0, []]);
});

t.test("a restart too soon is refused", async (t) => {
  const { start, ask, listening } = await device(t, "--ops.restartMinUptimeS=3600");
  const daemon = start();
  await listening(daemon);
  t.match((await ask("restart")).payload, { error: { code: "TOO_SOON", message: /ask again in \d+ s/ } });
  daemon.kill("SIGTERM");
  t.equal(await daemon.ended, 0);
});

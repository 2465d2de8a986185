import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { connectAsync } from "mqtt";
import t from "tap";
import type { State } from "../../src/contract/state.js";
import { sampleEvent } from "../support/event.js";
import { freePort } from "../support/free-port.js";
import { until } from "../support/logs.js";
import { Mosquitto, Subscriber } from "../support/mosquitto.js";
import { NotFetched, npmProgram } from "../support/npm-package.js";
import { conforms } from "../support/schemas.js";
import { sampleState } from "../support/state.js";

t.setTimeout(600_000);

const VERSION = "4.1.15";

async function nodeRedOrSkip(): Promise<string | undefined> {
  try {
    return await npmProgram("node-red", VERSION);
  } catch (thrown) {
    if (!(thrown instanceof NotFetched)) throw thrown;
    t.fail("not tested", { skip: `not tested: ${thrown.message}` });
    return undefined;
  }
}

/** The flow as it ships, at another broker. */
function flowAt(port: number): string {
  type Node = { type: string; port?: string };
  const flow = JSON.parse(readFileSync("deploy/node-red/flow.json", "utf8")) as Node[];
  return JSON.stringify(flow.map((node) => (node.type === "mqtt-broker" ? { ...node, port: String(port) } : node)));
}

const installed = await nodeRedOrSkip();
if (installed !== undefined) {
  const broker = await Mosquitto.start();
  t.teardown(() => broker.stop());
  const dir = t.testdir({ "flow.json": flowAt(broker.port) });
  writeFileSync(join(dir, "settings.cjs"), "module.exports = { httpAdminRoot: false, httpNodeRoot: false };");
  const program = join(installed, "node_modules/node-red/red.js");
  const args = ["--userDir", dir, "--settings", join(dir, "settings.cjs"), "--port", String(await freePort())];
  const { NODE_OPTIONS: _, ...env } = process.env;
  const nodeRed = spawn(process.execPath, [program, ...args, join(dir, "flow.json")], {
    env,
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = once(nodeRed, "exit");
  let said = "";
  nodeRed.stdout.on("data", (text) => {
    said += text;
  });
  t.teardown(async () => {
    nodeRed.kill("SIGKILL");
    await ended;
  });
  await until(() => /Connected to broker/.test(said), 60_000).catch(() => {
    throw new Error(`Node-RED does not connect: ${said}`);
  });

  const device = await connectAsync(broker.url);
  t.teardown(() => device.endAsync(true));
  const publish = async (topic: string, payload: object) => {
    const fault = conforms(topic.replace("event/", ""), payload);
    if (fault !== "") throw new Error(`no device sends that: ${fault}`);
    await device.publishAsync(`flinch/room-1/${topic}`, JSON.stringify(payload), { qos: 1 });
  };
  const alerts = new Subscriber(broker.port, "alerts/#");
  const reports = new Subscriber(broker.port, "reports/#");
  t.teardown(() => {
    alerts.close();
    reports.close();
  });
  await Promise.all([alerts.ready(), reports.ready()]);
  const told = async (count: number) => {
    await until(() => alerts.messages.length >= count, 20_000).catch(() => t.fail(JSON.stringify(alerts.messages)));
    return alerts.messages.map(({ payload: { kind, active, text } }) => [kind, active, text]);
  };
  const availability = (status: string, bootId: string) => {
    const payload = { schema: "flinch/availability/1", status, bootId, at: null };
    return publish("availability", payload);
  };
  const state = async (coverage: State["coverage"], more: Partial<State> = {}) => {
    const payload = { ...sampleState, ...more, coverage };
    await publish("state", payload);
  };

  t.test("a device that is gone is told once, until it is there again; a stopped one is not", async (t) => {
    await availability("online", "one");
    await availability("stopped", "one");
    await availability("online", "two");
    await availability("offline", "one");
    await availability("offline", "two");
    await availability("offline", "two");
    await availability("online", "three");
    const gone = "it is gone: a crash, a power cut, the network";
    t.same(await told(2), [
      ["offline", true, gone],
      ["offline", false, null],
    ]);
    const [{ topic } = { topic: "" }] = alerts.messages;
    t.equal(topic, "alerts/flinch/room-1/offline");
  });

  t.test("faces that cannot be judged are told with the main reason; an empty room is not", async (t) => {
    await state({ watchedS: 600, judgedS: 60, notJudgedS: { no_face: 540 } });
    await state({ watchedS: 1200, judgedS: 120, notJudgedS: { no_face: 540, dark: 500, turned_away: 40 } });
    await state({ watchedS: 1210, judgedS: 130, notJudgedS: { no_face: 540, dark: 500, turned_away: 40 } });
    await state({ watchedS: 1800, judgedS: 720, notJudgedS: { no_face: 540, dark: 500, turned_away: 40 } });
    t.same((await told(4)).slice(2), [
      ["coverage", true, "10 % of 10 min with a face could be judged: dark"],
      ["coverage", false, null],
    ]);
    const lost = { ...sampleState.source, status: "lost", lastError: "no frame for 5 s" } as const;
    // With a new start of the pipeline the count begins anew.
    await state({ watchedS: 100, judgedS: 90, notJudgedS: {} }, { watches: 2, source: lost });
    await state({ watchedS: 100, judgedS: 90, notJudgedS: {} }, { watches: 2 });
    t.same((await told(6)).slice(4), [
      ["source", true, "its source is lost: no frame for 5 s"],
      ["source", false, null],
    ]);
    const fresh = new Subscriber(broker.port, "alerts/#");
    t.teardown(() => fresh.close());
    const kept = await fresh.message(({ topic }) => topic.endsWith("/source"));
    t.ok(kept.retained, "a late subscriber finds how it is");
  });

  t.test("events are counted once, in their hour, with the time in which a face could be judged", async (t) => {
    const early = { ...sampleEvent(1), apexAt: "2024-01-01T00:59:59.000Z" };
    for (const event of [early, sampleEvent(2), sampleEvent(2)]) await publish("event/micro_expression", event);
    const { label: _, confidence: __, probabilities: ___, valence: ____, ...rest } = sampleEvent(3);
    const silent = { ...rest, report: "motion", apexAt: "2024-01-01T01:00:00.000Z" };
    await publish("event/micro_expression", silent);
    await state({ watchedS: 400, judgedS: 330, notJudgedS: {} }, { watches: 2, at: "2024-01-01T01:02:00.000Z" });
    const later = await reports.message(
      ({ payload }) => payload["hour"] === "2024-01-01T01:00Z" && payload["judgedMinutes"] === 4,
    );
    t.same(later.payload, {
      device: "room-1",
      hour: "2024-01-01T01:00Z",
      events: 1,
      labels: { motion: 1 },
      judgedMinutes: 4,
    });
    const first = reports.messages.filter(({ payload }) => payload["hour"] === "2024-01-01T00:00Z").at(-1);
    t.match(first?.payload, { events: 2, labels: { surprise: 2 } });
  });
}

import { readFileSync } from "node:fs";
import t from "tap";
import { loadConfig } from "../../src/config/index.js";
import type { MicroExpressionEvent } from "../../src/contract/event.js";
import type { Info } from "../../src/contract/info.js";
import { type ReportLevel, reportLevels } from "../../src/contract/statement.js";
import { discoveryOf, MqttLink } from "../../src/mqtt/index.js";
import { discoveryTopicOf } from "../../src/mqtt/topics.js";
import { at } from "../support/contract.js";
import { sampleEvent } from "../support/event.js";
import { linkOptions } from "../support/link.js";
import { Logs, until } from "../support/logs.js";
import { Mosquitto, Subscriber } from "../support/mosquitto.js";
import { python } from "../support/python.js";
import { conforms } from "../support/schemas.js";

const labels = ["anger", "surprise", "none"];

function exampleOf<T>(message: string): T {
  const [{ payload }] = at(`#/components/messages/${message}/examples`) as [{ payload: T }];
  return payload;
}

function announced(report: ReportLevel, ...argv: string[]) {
  const { config } = loadConfig({ argv: ["--device.id=device", "--device.room=Room 1", ...argv] });
  return discoveryOf(config, { ...exampleOf<Info>("info"), report }, labels);
}

/** What a template of Home Assistant makes of payloads: its language is Jinja's, the payload is value_json. */
async function rendered(template: string, payloads: readonly object[]): Promise<string[]> {
  const program = [
    "import jinja2, json, sys",
    "template = jinja2.Environment().from_string(sys.argv[1])",
    "print(json.dumps([template.render(value_json=payload) for payload in json.loads(sys.argv[2])]))",
  ].join("\n");
  return JSON.parse(await python(program, template, JSON.stringify(payloads))) as string[];
}

/** The event as it would be at a level; what a level leaves out is not there. */
function eventAt(report: ReportLevel): MicroExpressionEvent {
  const { label, confidence, probabilities, valence, ...found } = sampleEvent();
  switch (report) {
    case "emotion":
      return sampleEvent();
    case "valence":
      return { ...found, report, label: "surprise", confidence: 0.9, valence };
    case "action_units":
      return { ...found, report, actionUnits: { AU1: 0.9 } };
    case "motion":
      return { ...found, report };
  }
}

t.test("what is announced conforms to its schema, and says who says it", async (t) => {
  const device = announced("motion");
  t.equal(conforms("home_assistant_device", device), "");
  t.match(device, {
    device: { identifiers: ["flinch-device"], suggested_area: "Room 1" },
    origin: { name: "Flinch", sw_version: device.device.sw_version },
  });
  const ids = Object.values(device.components).map(({ unique_id }) => unique_id);
  t.equal(new Set(ids).size, ids.length);
  t.notOk("suggested_area" in announced("motion", "--device.room=").device);
});

t.test("the topic holds any device's name, and no two share one", async (t) => {
  t.equal(discoveryTopicOf("homeassistant", "room-1"), "homeassistant/device/flinch/room-1/config");
  t.match(discoveryTopicOf("homeassistant", "room.1"), /^homeassistant\/device\/flinch\/room-1-[0-9a-f]{8}\/config$/);
  t.not(discoveryTopicOf("h", "a.b-c"), discoveryTopicOf("h", "a-b.c"));
});

for (const report of reportLevels) {
  t.test(`at the level ${report} the event is of a type that was announced`, async (t) => {
    const { micro_expression: entity } = announced(report).components;
    t.strictSame(
      entity?.event_types,
      { emotion: ["anger", "surprise"], valence: ["negative", "positive", "surprise"] }[report as string] ?? [report],
    );
    const [text = ""] = await rendered(entity?.value_template ?? "", [eventAt(report)]);
    const told = JSON.parse(text) as { event_type: string };
    t.ok(entity?.event_types?.includes(told.event_type), told.event_type);
    const says = report === "emotion" || report === "valence";
    t.match(told, { id: sampleEvent().id, sequence: 1, session: null, onsetAt: sampleEvent().onsetAt });
    t.match(told, { confidence: says ? /^0\.\d$/ : null });
  });
}

/** What the state's schema lets the source be. */
const { properties } = JSON.parse(readFileSync("docs/schemas/state.json", "utf8")) as {
  readonly properties: { readonly source: { readonly properties: { readonly status: { readonly enum: string[] } } } };
};
const statusesOfSource = properties.source.properties.status.enum;

t.test("every sensor finds its value in the state, and availability is one of two words", async (t) => {
  const { components, availability } = announced("motion");
  const state = exampleOf<object>("state");
  for (const [name, entity] of Object.entries(components).filter(([, { platform }]) => platform === "sensor")) {
    const [value] = await rendered(entity.value_template, [state]);
    if (entity.options === undefined) t.match(value, /^\d+(\.\d+)?$/, name);
    else t.ok(entity.options.includes(value ?? ""), name);
    if (name === "source_status") t.strictSame([...(entity.options ?? [])].sort(), [...statusesOfSource].sort());
    t.equal(entity.state_topic, "flinch/device/state");
  }
  const statuses = ["online", "stopped", "offline"].map((status) => ({ status }));
  t.strictSame(await rendered(availability[0]?.value_template ?? "", statuses), ["online", "offline", "offline"]);
});

t.test("the board's sensors know what the board cannot tell", async (t) => {
  const { hottest, throttled } = announced("motion").components;
  const boards = [
    { hottestC: 71.5, throttled: true },
    { hottestC: 50, throttled: false },
    { hottestC: null, throttled: null },
    null,
  ];
  const states = boards.map((board) => ({ board }));
  t.strictSame(await rendered(hottest?.value_template ?? "", states), ["71.5", "50", "None", "None"]);
  t.strictSame(await rendered(throttled?.value_template ?? "", states), ["ON", "OFF", "None", "None"]);
});

t.test("it is retained, and told again on every connection", async (t) => {
  const broker = await Mosquitto.start();
  t.teardown(() => broker.stop());
  const link = new MqttLink(linkOptions(broker.url), new Logs());
  t.teardown(() => link.stop());
  const device = announced("motion");
  link.publishRetained("discovery", device);
  link.start();
  const topic = discoveryTopicOf("homeassistant", "device");
  for (const connection of [1, 2]) {
    const subscriber = new Subscriber(broker.port, "homeassistant/#");
    t.teardown(() => subscriber.close());
    t.same(
      (await subscriber.message((message) => message.topic === topic)).payload,
      device,
      `connection ${connection}`,
    );
    // A broker without persistence has forgotten it when it comes back.
    if (connection === 2) break;
    await broker.kill();
    await until(() => !link.status().connected);
    await broker.run();
    await until(() => link.status().connected);
  }
});

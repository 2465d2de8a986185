import type { Config } from "../config/index.js";
import type { Entity, HomeAssistantDevice, Info } from "../contract/index.js";
import { type ReportLevel, valences } from "../contract/index.js";
import { homeAssistantNameOf, topicOf } from "./topics.js";

type Sensor = Omit<Entity, "platform" | "unique_id" | "state_topic" | "qos" | "value_template">;

const diagnostic = { entity_category: "diagnostic" } as const;
const count = { state_class: "total_increasing" } as const;
const measured = { state_class: "measurement" } as const;

/** Sensors by what of `state` they show. */
const sensors: Readonly<Record<string, readonly [path: string, sensor: Sensor]>> = {
  events_raised: ["events.raised", { name: "Events raised", icon: "mdi:counter", ...count }],
  events_pending: ["events.pending", { name: "Events waiting for the broker", icon: "mdi:tray-full", ...measured }],
  faces_followed: ["faces.followed", { name: "Faces followed", icon: "mdi:face-recognition", ...measured }],
  source_status: [
    "source.status",
    {
      name: "Source",
      icon: "mdi:camera",
      device_class: "enum",
      options: ["opening", "streaming", "lost", "frozen", "paused", "ended"],
      ...diagnostic,
    },
  ],
  source_fps: [
    "source.measuredFps",
    { name: "Frames a second", icon: "mdi:speedometer", unit_of_measurement: "fps", ...measured, ...diagnostic },
  ],
  frames_dropped: ["source.dropped", { name: "Frames dropped", icon: "mdi:filmstrip-off", ...count, ...diagnostic }],
  broker_reconnects: [
    "broker.reconnects",
    { name: "Broker reconnects", icon: "mdi:lan-pending", ...count, ...diagnostic },
  ],
  broker_accept: [
    "broker.acceptMs.p95",
    {
      name: "Broker's acknowledgement, 95 %",
      device_class: "duration",
      unit_of_measurement: "ms",
      ...measured,
      ...diagnostic,
    },
  ],
  memory: [
    "rssMb",
    { name: "Memory", device_class: "data_size", unit_of_measurement: "MiB", ...measured, ...diagnostic },
  ],
};

/** Sensors of the board, which says null where it cannot tell: Home Assistant takes the text "None" for unknown. */
const boardSensors: Readonly<Record<string, Sensor & Pick<Entity, "platform" | "value_template">>> = {
  hottest: {
    platform: "sensor",
    value_template: "{{ (value_json.board or {'hottestC': none}).hottestC }}",
    name: "Hottest part of the board",
    device_class: "temperature",
    unit_of_measurement: "°C",
    ...measured,
    ...diagnostic,
  },
  throttled: {
    platform: "binary_sensor",
    value_template: "{{ {true: 'ON', false: 'OFF'}.get((value_json.board or {}).throttled) }}",
    name: "Throttled",
    device_class: "problem",
    ...diagnostic,
  },
};

/** What of an event becomes an attribute of the entity, beside its type; an event of a lower level has no confidence. */
const attributes = ["id", "sequence", "session", "face", "none", "onsetAt", "apexAt", "offsetAt"];

/** An event without a label is of the type of its level. */
const eventTemplate = `{{ {'event_type': value_json.label | default(value_json.report), ${attributes
  .map((name) => `'${name}': value_json.${name}`)
  .join(", ")}, 'confidence': value_json.confidence | default(none)} | tojson }}`;

/** The types of events that may come, which say no more than `recognition.report` lets an event say. */
function eventTypesOf(report: ReportLevel, labels: readonly string[]): readonly string[] {
  if (report === "emotion") return labels.filter((label) => label !== "none");
  return report === "valence" ? valences : [report];
}

/** @param labels the classes that the model in use tells apart */
export function discoveryOf({ mqtt, device }: Config, info: Info, labels: readonly string[]): HomeAssistantDevice {
  const id = `flinch-${homeAssistantNameOf(device.id)}`;
  const topic = (name: "availability" | "state" | "event/micro_expression") => {
    return topicOf(mqtt.topicPrefix, device.id, name);
  };
  const plain = Object.entries(sensors).map(
    ([key, [path, sensor]]) =>
      [key, { platform: "sensor", value_template: `{{ value_json.${path} }}`, ...sensor }] as const,
  );
  const entities = [...plain, ...Object.entries(boardSensors)].map(([key, sensor]): [string, Entity] => [
    key,
    { unique_id: `${id}-${key}`, state_topic: topic("state"), qos: 1, ...sensor },
  ]);
  const version = info.versions.flinch;
  return {
    device: {
      identifiers: [id],
      name: `Flinch ${device.id}`,
      manufacturer: "Flinch",
      model: `${info.model.name} ${info.model.version}`,
      sw_version: version,
      ...(device.room !== "" && { suggested_area: device.room }),
    },
    origin: { name: "Flinch", sw_version: version },
    // A device that was stopped is as little there as one that crashed; the topic itself tells them apart.
    availability: [
      {
        topic: topic("availability"),
        value_template: "{{ 'online' if value_json.status == 'online' else 'offline' }}",
      },
    ],
    components: {
      micro_expression: {
        platform: "event",
        unique_id: `${id}-micro_expression`,
        name: "Micro-expression",
        icon: "mdi:emoticon-outline",
        state_topic: topic("event/micro_expression"),
        qos: 1,
        value_template: eventTemplate,
        event_types: eventTypesOf(info.report, labels),
      },
      ...Object.fromEntries(entities),
    },
  };
}

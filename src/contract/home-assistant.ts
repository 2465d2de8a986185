import { text } from "./parts.js";
import { closed, payload, type Static } from "./schema.js";

const someTexts = { type: "array", items: text, minItems: 1 } as const;

const entity = closed({
  optional: ["icon", "entity_category", "device_class", "state_class", "unit_of_measurement", "options", "event_types"],
  properties: {
    platform: { enum: ["sensor", "binary_sensor", "event"] },
    unique_id: text,
    name: text,
    state_topic: text,
    qos: { const: 1 },
    value_template: text,
    icon: { type: "string", pattern: "^mdi:" },
    entity_category: { const: "diagnostic" },
    device_class: text,
    state_class: { enum: ["measurement", "total_increasing"] },
    unit_of_measurement: text,
    options: {
      ...someTexts,
      description: "For a sensor of device class enum: every value it can have",
    },
    event_types: {
      ...someTexts,
      description: "For an event: its possible types, which follow recognition.report",
    },
  },
});

export const homeAssistantDevice = payload({
  title: "Discovery for Home Assistant",
  description:
    "Payload of <mqtt.discoveryPrefix>/device/flinch/<device>/config, retained: the part of Home Assistant's device discovery that Flinch uses",
  properties: {
    device: closed({
      optional: ["suggested_area"],
      properties: {
        identifiers: someTexts,
        name: text,
        manufacturer: text,
        model: { type: "string", description: "The recognition model and its version" },
        sw_version: text,
        suggested_area: { type: "string", description: "device.room" },
      },
    }),
    origin: closed({ properties: { name: text, sw_version: text } }),
    availability: {
      type: "array",
      items: closed({
        properties: {
          topic: text,
          value_template: { type: "string", description: "Turns it into online or offline" },
        },
      }),
      minItems: 1,
    },
    components: {
      type: "object",
      description: "The entities, by name in this payload",
      minProperties: 1,
      additionalProperties: entity,
    },
  },
});

/** An entity of Home Assistant, in the terms of its discovery. */
export type Entity = Static<typeof entity>;

/** What Home Assistant is told of a device, retained on `<mqtt.discoveryPrefix>/device/flinch/<device>/config`. */
export type HomeAssistantDevice = Static<typeof homeAssistantDevice>;

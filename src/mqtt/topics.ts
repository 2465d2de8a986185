import type { EventName } from "../events/outbound.js";

/** The retained topics of a device, by what they say. */
export type RetainedTopic = "availability" | "info" | "state" | "config/reported";

/** What a device publishes by itself, below `<prefix>/<device>/`. */
export type DeviceTopic = RetainedTopic | `event/${EventName}`;

/** Every topic of a device. */
export interface Topics {
  readonly availability: string;
  readonly info: string;
  readonly state: string;
  readonly configReported: string;
  readonly microExpression: string;
}

/** The full name of one of a device's topics. */
export function topicOf(prefix: string, device: string, name: DeviceTopic): string {
  return `${prefix}/${device}/${name}`;
}

/** Every topic of a device, `<prefix>/<device>/…`. */
export function topicsOf(prefix: string, device: string): Topics {
  return {
    availability: topicOf(prefix, device, "availability"),
    info: topicOf(prefix, device, "info"),
    state: topicOf(prefix, device, "state"),
    configReported: topicOf(prefix, device, "config/reported"),
    microExpression: topicOf(prefix, device, "event/micro_expression"),
  };
}

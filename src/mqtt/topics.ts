import { createHash } from "node:crypto";
import type { EventName } from "../events/outbound.js";

/** The retained topics of a device, by what they say; "discovery" is Home Assistant's. */
export type RetainedTopic = "availability" | "info" | "state" | "config/reported" | "discovery";

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

/** A device's name where Home Assistant allows letters, digits, dashes and underscores: others stay different names. */
export function homeAssistantNameOf(device: string): string {
  const plain = device.replaceAll(/[^A-Za-z0-9_-]/g, "-");
  if (plain === device) return device;
  return `${plain}-${createHash("sha256").update(device).digest("hex").slice(0, 8)}`;
}

/** Where Home Assistant looks for a device. The device is a level of its own, so that a broker's permissions can name it. */
export function discoveryTopicOf(prefix: string, device: string): string {
  return `${prefix}/device/flinch/${homeAssistantNameOf(device)}/config`;
}

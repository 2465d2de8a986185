import { createHash } from "node:crypto";
import type { DeviceTopic, RetainedDeviceTopic } from "../contract/index.js";

/** The retained topics of a device, by what they say; "discovery" is Home Assistant's. */
export type RetainedTopic = RetainedDeviceTopic | "discovery";

/** The full name of one of a device's topics. */
export function topicOf(prefix: string, device: string, name: DeviceTopic): string {
  return `${prefix}/${device}/${name}`;
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

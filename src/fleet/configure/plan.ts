import { type Scope, topicOfScope } from "../../config/remote/index.js";
import { FlinchError } from "../../lib/errors.js";
import { isObject, type JsonObject } from "../../lib/json-payload.js";
import type { Device, Devices } from "../devices.js";
import { documentOf, nextVersion } from "./answer.js";
import { over } from "./over.js";
import type { Target } from "./record.js";

/** Whom a configuration is meant for, and what it is. */
export interface Wish {
  readonly topicPrefix: string;
  readonly changes: JsonObject;
  /** Names, or "all"; of a group where `group` is given. */
  readonly devices: readonly string[] | "all";
  readonly group: string | undefined;
  /** One document for the whole group, in place of one for each device. */
  readonly asGroup: boolean;
  /** Nothing of the document before stays. */
  readonly replace: boolean;
  /** Versions begin here at least. */
  readonly fromVersion: number;
}

export interface Plan {
  readonly targets: readonly Target[];
  /** Who cannot be configured now, and why. */
  readonly leftOut: readonly { readonly device: string; readonly reason: string }[];
}

/**
 * What is to be written where.
 * @throws FlinchError USAGE where a device or group is not known at the broker, or nobody can be configured
 */
export function planOf(devices: Devices, wish: Wish): Plan {
  const meant = devicesOf(devices, wish);
  const judged = meant.map((device) => ({ device, reason: hindrance(device, devices, wish) }));
  const leftOut = judged.flatMap(({ device, reason }) => (reason === undefined ? [] : [{ device: device.id, reason }]));
  const able = judged.flatMap(({ device, reason }) => (reason === undefined ? [device] : []));
  if (able.length === 0) {
    const why = leftOut.map(({ device, reason }) => `${device} ${reason}`).join("; ");
    throw new FlinchError("USAGE", `there is no device that can be configured now: ${why || "none is known"}`);
  }
  if (wish.asGroup) return { targets: [targetOf(devices, wish, able, `group/${wish.group}`)], leftOut };
  return { targets: able.map((device) => targetOf(devices, wish, [device], "device")), leftOut };
}

function devicesOf(devices: Devices, { devices: names, group }: Wish): readonly Device[] {
  const known = devices
    .all()
    .filter(({ reported }) => group === undefined || Object.hasOwn(reported?.groups ?? {}, group));
  if (known.length === 0 && group !== undefined)
    throw new FlinchError("USAGE", `no device at this broker is in the group '${group}': it is set with device.groups`);
  if (names === "all") return known;
  return [...new Set(names)].map((name) => {
    const found = known.find(({ id }) => id === name);
    if (found !== undefined) return found;
    const names = known.map(({ id }) => id).join(", ");
    throw new FlinchError("USAGE", `the device '${name}' is not known at this broker; there are ${names || "none"}`);
  });
}

/** Why a device cannot be configured now; undefined where it can. */
function hindrance(device: Device, devices: Devices, { topicPrefix, asGroup, group }: Wish): string | undefined {
  const { availability, reported, state } = device;
  if (availability?.status !== "online") return `is ${availability?.status ?? "not online"}`;
  if (reported === undefined) return "has not told its configuration";
  const { remote } = reported.config as { remote?: unknown };
  if (isObject(remote) && remote["enabled"] === false) return "takes no configuration over MQTT (remote.enabled)";
  const scope: Scope = asGroup ? `group/${group}` : "device";
  const document = documentOf(device, scope);
  if (document?.status === "pending") return `is still at version ${document.version}`;
  if (document?.inForce && devices.document(topicOf(topicPrefix, scope, device.id)) === undefined)
    return `has version ${document.inForce} in force, which the broker does not show: may this user read config/desired?`;
  const status = state?.source.status;
  if (status !== "streaming" && status !== "paused") return `does not watch: its source is ${status ?? "unknown"}`;
  return undefined;
}

function targetOf(devices: Devices, wish: Wish, able: readonly Device[], scope: Scope): Target {
  const topic = topicOf(wish.topicPrefix, scope, able[0]?.id ?? "");
  const before = devices.document(topic) ?? null;
  const reports = able.map((device) => documentOf(device, scope));
  return {
    scope,
    topic,
    devices: able.map(({ id }) => id),
    before,
    config: wish.replace ? wish.changes : over(before?.config ?? {}, wish.changes),
    version: nextVersion(before?.version, reports, wish.fromVersion),
    back: null,
    status: "waiting",
  };
}

function topicOf(topicPrefix: string, scope: Scope, id: string): string {
  return topicOfScope({ mqtt: { topicPrefix }, device: { id } }, scope);
}

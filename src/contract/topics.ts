import { type PayloadName, schemaNameOf } from "./payloads.js";
import type { RequestName } from "./request.js";

interface Topic {
  /** Below `{prefix}/{device}/`. */
  readonly name?: string;
  /** In full, of a topic that is none of the device's own. */
  readonly address?: string;
  readonly sender: "device" | "operator";
  readonly payload: PayloadName;
  readonly retained: boolean;
  /** Seconds after which the broker drops it; for ever where it is missing. */
  readonly expiresS?: number;
  readonly description: string;
  /** What the device does with it. */
  readonly summary: string;
}

/** Every topic but those of requests and responses, by the name of its channel in docs/asyncapi.yaml. */
export const topics = {
  availability: {
    name: "availability",
    sender: "device",
    payload: "availability",
    retained: true,
    description: "Whether the device is online; the broker publishes the last will.",
    summary: "Reports whether it is online",
  },
  info: {
    name: "info",
    sender: "device",
    payload: "info",
    retained: true,
    description: "What this device is; constant from a start of the daemon until a model is reloaded.",
    summary: "Reports what it is",
  },
  state: {
    name: "state",
    sender: "device",
    payload: "state",
    retained: true,
    // So that no broker tells for years how a device is that is no longer there.
    expiresS: 24 * 3600,
    description: "The device's condition, at every schedule.heartbeat.",
    summary: "Reports its condition",
  },
  configReported: {
    name: "config/reported",
    sender: "device",
    payload: "config_reported",
    retained: true,
    description: "The configuration in force.",
    summary: "Reports its configuration",
  },
  configDesired: {
    name: "config/desired",
    sender: "operator",
    payload: "config_desired",
    retained: true,
    description: "The configuration that an operator wants for this device.",
    summary: "Applies a configuration, or says why not",
  },
  groupConfigDesired: {
    address: "{prefix}/_groups/{group}/config/desired",
    sender: "operator",
    payload: "config_desired",
    retained: true,
    description:
      "The configuration that an operator wants for every device of a group; the device's own document overrides it.",
    summary: "Applies a configuration of its group, or says why not",
  },
  microExpression: {
    name: "event/micro_expression",
    sender: "device",
    payload: "micro_expression",
    retained: false,
    description: "One message for each expression.",
    summary: "Reports an expression",
  },
  sessionSummary: {
    name: "event/session_summary",
    sender: "device",
    payload: "session_summary",
    retained: false,
    description: "One message at the end of each session.",
    summary: "Sums up a session",
  },
  dailySummary: {
    name: "event/daily_summary",
    sender: "device",
    payload: "daily_summary",
    retained: false,
    description: "One message at every schedule.summary, about the time since the previous one.",
    summary: "Sums up a day",
  },
  review: {
    name: "event/review",
    sender: "device",
    payload: "review",
    retained: false,
    description: "One message for each version of what a reviewer says of a movement.",
    summary: "Reports what a reviewer says of a movement",
  },
  deletion: {
    name: "event/deletion",
    sender: "device",
    payload: "deletion",
    retained: false,
    description: "One message for each session whose data the device has deleted.",
    summary: "Reports that data is deleted",
  },
  evidence: {
    name: "event/evidence",
    sender: "device",
    payload: "evidence",
    retained: false,
    description: "What became of the video of an event, with evidence.enabled; never the video.",
    summary: "Reports that a clip is stored, failed or is deleted",
  },
  homeAssistant: {
    address: "{discoveryPrefix}/device/flinch/{device}/config",
    sender: "device",
    payload: "home_assistant_device",
    retained: true,
    description:
      "Discovery for Home Assistant, if mqtt.discoveryPrefix is set. A dot in the device's name becomes a dash and a hash is added.",
    summary: "Announces the device to Home Assistant",
  },
} as const satisfies Readonly<Record<string, Topic>>;

/** What is asked for on `request/<name>`, and answered on `response/<name>`. */
export const requestTopics: Readonly<Record<RequestName, Pick<Topic, "description">>> = {
  "session/start": {
    description:
      "Opens a session: events carry its id until it ends. With privacy.requireSession there are no events outside a session.",
  },
  "session/stop": { description: "Ends the open session; its summary follows on event/session_summary." },
  status: { description: "Answers with the current `state`." },
  diagnostics: {
    description: "Answers with what a person checks first when something is wrong; no picture, no secret.",
  },
  restart: { description: "Answers, then ends cleanly; systemd starts the daemon again." },
  "model/reload": {
    description:
      "Reopens the configured model files and switches to them, or keeps the old ones if the new ones do not work.",
  },
  "spotting/recalibrate": {
    description: "Forgets what the spotter knows about every face's own noise and learns it again.",
  },
};

type Sent = Extract<(typeof topics)[keyof typeof topics], { readonly sender: "device" }>;
type Own = Extract<Sent, { readonly name: string }>;

/** What a device publishes by itself, below `<prefix>/<device>/`. */
export type DeviceTopic = Own["name"];

/** The retained ones of them. */
export type RetainedDeviceTopic = Extract<Own, { readonly retained: true }>["name"];

const isSent = (topic: Topic): topic is Sent => topic.sender === "device";
const sent = Object.values(topics).filter(isSent);

export const deviceTopics: readonly DeviceTopic[] = sent.flatMap((topic) => ("name" in topic ? topic.name : []));

const sentPayloads: readonly PayloadName[] = [...sent.map(({ payload }) => payload), "response"];

/** The `schema` of every payload that a device sends, for `info`. */
export const payloadSchemas: readonly string[] = sentPayloads.flatMap((name) => schemaNameOf(name) ?? []);

/** Seconds after which the broker drops a payload, by its `schema`; nothing else expires, an event least of all. */
export const expiriesS: ReadonlyMap<string, number> = new Map(
  sent.flatMap((topic) => ("expiresS" in topic ? [[schemaNameOf(topic.payload) ?? "", topic.expiresS]] : [])),
);

const payloadNames: ReadonlyMap<string, PayloadName> = new Map(
  sent.flatMap((topic) => ("name" in topic ? [[topic.name, topic.payload]] : [])),
);

/** Which payload a device sends on a topic, named below `<prefix>/<device>/`; undefined where it sends none there. */
export function payloadNameOf(topic: string): PayloadName | undefined {
  return payloadNames.get(topic);
}

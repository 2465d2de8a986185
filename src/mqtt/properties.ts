import type { IPublishPacket } from "mqtt";

/** How long a broker keeps the state of a device that is gone. */
const stateExpiryS = 24 * 3600;

/** The schemas of payloads that say how things are now; nothing else expires, an event least of all. */
const expiring: ReadonlySet<string> = new Set(["flinch/state/1"]);

function textOf(payload: object, name: string): string | undefined {
  const value: unknown = Reflect.get(payload, name);
  return typeof value === "string" ? value : undefined;
}

/** The properties of MQTT 5 beside a payload: what routes or drops a message without reading it. */
export function messageProperties(device: string, payload: object): NonNullable<IPublishPacket["properties"]> {
  const schema = textOf(payload, "schema");
  const bootId = textOf(payload, "bootId");
  return {
    contentType: "application/json",
    payloadFormatIndicator: true,
    ...(schema !== undefined && expiring.has(schema) && { messageExpiryInterval: stateExpiryS }),
    userProperties: { device, ...(bootId !== undefined && { bootId }), ...(schema !== undefined && { schema }) },
  };
}

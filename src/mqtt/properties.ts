import type { IPublishPacket } from "mqtt";
import { expiriesS } from "../contract/index.js";

function textOf(payload: object, name: string): string | undefined {
  const value: unknown = Reflect.get(payload, name);
  return typeof value === "string" ? value : undefined;
}

/** The properties of MQTT 5 beside a payload: what routes or drops a message without reading it. */
export function messageProperties(device: string, payload: object): NonNullable<IPublishPacket["properties"]> {
  const schema = textOf(payload, "schema");
  const bootId = textOf(payload, "bootId");
  const messageExpiryInterval = schema === undefined ? undefined : expiriesS.get(schema);
  return {
    contentType: "application/json",
    payloadFormatIndicator: true,
    ...(messageExpiryInterval !== undefined && { messageExpiryInterval }),
    userProperties: { device, ...(bootId !== undefined && { bootId }), ...(schema !== undefined && { schema }) },
  };
}

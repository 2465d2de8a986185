import { connectAsync } from "mqtt";

/** Publishes something to be kept by the broker, as an operator does. */
export async function retain(url: string, topic: string, payload: object | ""): Promise<void> {
  const client = await connectAsync(url);
  await client.publishAsync(topic, payload === "" ? "" : JSON.stringify(payload), { qos: 1, retain: true });
  await client.endAsync();
}

import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { type Entry, type Message, Reader } from "../../../../src/fleet/collect/messages/index.js";
import { Stamps } from "../../../../src/fleet/collect/stamps.js";
import { sampleEvent } from "../../../support/event.js";

type Examples = Readonly<Record<string, readonly { readonly payload: Readonly<Record<string, unknown>> }[]>>;

const examples = parse(readFileSync("scripts/contract/examples.yaml", "utf8")) as Examples;

/** The first example of a payload in the contract, changed. */
export function example(name: string, changes: object = {}): Record<string, unknown> {
  return { ...examples[name]?.[0]?.payload, ...changes };
}

/** An event with an id of its own. */
export const event = (sequence: number, changes: object = {}): object => ({
  ...sampleEvent(sequence),
  id: sampleEvent(sequence + 1000 * Math.ceil(Math.random() * 1e9)).id,
  ...changes,
});

const stamps = new Stamps();

/** A message of a device as it comes from the broker. */
export function message(topic: string, payload: object | Buffer, device = "device"): Message {
  const bytes = Buffer.isBuffer(payload) ? payload : Buffer.from(JSON.stringify(payload));
  return { topic: `flinch/${device}/${topic}`, payload: bytes, receivedAt: stamps.next() };
}

export const EVENT = "event/micro_expression";

export const deletion = (session: string | null, sequence: number, changes: object = {}): object =>
  example("deletion", { device: "device", id: randomUUID(), session, sequence, ...changes });

export const readerOptions = { topicPrefix: "flinch", stateEveryS: 60, retentionDays: 30 };

/** The rows of messages, as a collector makes them. */
export function rowsOf(...messages: readonly Message[]): Entry[] {
  const reader = new Reader(readerOptions);
  return messages.flatMap((each) => reader.read(each));
}

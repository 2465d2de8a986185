/**
 * A consumer of Flinch's events in Node.js: prints each expression once, says when events are missing, and tells a
 * device that was stopped from one that is gone.
 *
 *   node examples/consumer.mjs mqtts://broker.local:8883
 *
 * FLINCH_USER, FLINCH_PASSWORD and FLINCH_CA (a file) say who connects, where the broker asks.
 */
import { readFileSync } from "node:fs";
import mqtt from "mqtt";

const { FLINCH_USER: username, FLINCH_PASSWORD: password, FLINCH_CA: caFile } = process.env;
const url = process.argv[2] ?? "mqtt://127.0.0.1:1883";
const prefix = process.argv[3] ?? "flinch";

/** As many ids are remembered of each device; a repetition comes soon after the first. */
const REMEMBERED = 10_000;
/** A jump by more is a count that began anew, not so many events that are missing. */
const MOST_MISSING = 100_000;

/** What is known of the events of one device. */
class Events {
  /** Id → sequence. */
  #ids = new Map();
  #missing = new Set();
  #last;

  constructor(device) {
    this.device = device;
  }

  /** False for an event that came before. Says which events are missing between this one and those before. */
  take({ id, sequence }) {
    const before = this.#ids.get(id);
    this.#ids.set(id, sequence);
    if (this.#ids.size > REMEMBERED) this.#ids.delete(this.#ids.keys().next().value);
    // The same event under a new number, as of a file that is read once more, is not missing either.
    if (before !== sequence) this.#count(sequence);
    return before === undefined;
  }

  #count(sequence) {
    if (this.#missing.delete(sequence)) {
      console.log(`late ${this.device} ${sequence}`);
      return;
    }
    const next = (this.#last ?? sequence - 1) + 1;
    if (sequence < next || sequence - next > MOST_MISSING) {
      // The device's directory was emptied: it counts from 1 again.
      this.#missing.clear();
      console.log(`restart ${this.device} at ${sequence}`);
    } else if (sequence > next) {
      console.log(`gap ${this.device} ${next} to ${sequence - 1}`);
      for (let each = next; each < sequence; each++) this.#missing.add(each);
    }
    this.#last = sequence;
  }
}

const eventsOf = new Map();
const bootOf = new Map();

function onEvent(device, event) {
  if (!eventsOf.has(device)) eventsOf.set(device, new Events(device));
  if (!eventsOf.get(device).take(event)) {
    console.log(`duplicate ${device} ${event.sequence}`);
    return;
  }
  // What an event says of an expression depends on the level: without a label it says that a face moved.
  console.log(`event ${device} ${event.sequence} ${event.apexAt} ${event.label ?? event.report}`);
}

function onAvailability(device, { status, bootId }) {
  // The broker says "offline" for a connection. One of an earlier start says nothing about the device as it is now.
  if (status === "offline" && bootOf.has(device) && bootOf.get(device) !== bootId) return;
  bootOf.set(device, bootId);
  const words = {
    online: "is there",
    stopped: "was stopped by someone",
    offline: "is gone: a crash, power, the network",
  };
  console.log(`${status} ${device} ${words[status] ?? ""}`);
}

const client = mqtt.connect(url, {
  protocolVersion: 5,
  // The broker keeps what comes while this consumer is away, for a week: a fixed name, and a session that outlives us.
  clientId: `consumer-${username ?? "example"}`,
  clean: false,
  properties: { sessionExpiryInterval: 7 * 24 * 3600 },
  ...(username && { username, password }),
  ...(caFile && { ca: readFileSync(caFile) }),
});

client.on("connect", async () => {
  await client.subscribeAsync([`${prefix}/+/event/micro_expression`, `${prefix}/+/availability`], { qos: 1 });
  console.log(`listening to ${url}`);
});
client.on("error", (error) => console.error(`no connection: ${error.message}`));
client.on("message", (topic, payload) => {
  const device = topic.slice(prefix.length + 1).split("/", 1)[0];
  // An empty payload takes back what was retained: somebody removed the device.
  if (payload.length === 0) return;
  const told = JSON.parse(payload.toString());
  if (topic.endsWith("/availability")) onAvailability(device, told);
  else onEvent(device, told);
});
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => client.end());

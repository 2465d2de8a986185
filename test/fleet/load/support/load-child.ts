// Many simulated devices in one process: publishes for so many seconds, then waits until the broker has all.
import { sampleEvent } from "../../../support/event.js";
import { SimulatedDevice } from "./simulated-device.js";

export interface LoadOrder {
  readonly port: number;
  readonly devices: number;
  /** Events of each device in a second. */
  readonly rate: number;
  readonly seconds: number;
}

export interface LoadReport {
  readonly events: number;
  readonly reconnects: number;
  /** Milliseconds from publishing to the broker's acknowledgement. */
  readonly acknowledgedMs: { readonly p50: number; readonly p99: number };
  readonly beganMs: number;
  readonly endedMs: number;
}

const TICK_MS = 10;
const order = JSON.parse(process.argv[2] ?? "{}") as LoadOrder;

const pad = (value: number, digits: number) => value.toString(16).padStart(digits, "0");

/** An event as long as a real one, made of parts that are not made anew. */
const [head = "", afterTime = ""] = JSON.stringify({ ...sampleEvent(1), id: "ID", apexAt: "TIME", sequence: 0 }).split(
  "TIME",
);

function eventOf(device: number, sequence: number): string {
  const id = `${pad(device, 8)}-0000-8000-8000-${pad(sequence, 12)}`;
  const start = head.replace('"ID"', `"${id}"`).replace('"device":"device"', `"device":"load-${device}"`);
  return (start + new Date().toISOString() + afterTime).replace('"sequence":0', `"sequence":${sequence}`);
}

const waits: number[] = [];
let reconnects = 0;
let connected = 0;
const listener = {
  connected: () => {
    connected += 1;
    if (connected === order.devices) process.send?.("ready");
  },
  acknowledged: (ms: number) => void waits.push(ms),
  reconnected: () => {
    reconnects += 1;
  },
};

const devices = Array.from({ length: order.devices }, (_, i) => new SimulatedDevice(order.port, `load-${i}`, listener));
const sequences = new Array<number>(order.devices).fill(0);
let events = 0;
let beganMs = 0;

function publish(at: number): void {
  const sequence = (sequences[at] ?? 0) + 1;
  sequences[at] = sequence;
  events += 1;
  devices[at]?.publish(`flinch/load-${at}/event/micro_expression`, eventOf(at, sequence));
}

const percentile = (sorted: readonly number[], share: number) =>
  Math.round((sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0) * 10) / 10;

/** Every device in turn, evenly over the second; what a busy moment delays is made up for at once. */
function begin(): void {
  beganMs = Date.now();
  const total = Math.round(order.devices * order.rate * order.seconds);
  const timer = setInterval(() => {
    const due = Math.min(total, Math.floor(((Date.now() - beganMs) / 1000) * order.devices * order.rate));
    while (events < due) publish(events % order.devices);
    if (events < total) return;
    clearInterval(timer);
    finish(Date.now());
  }, TICK_MS);
}

function finish(endedMs: number): void {
  const timer = setInterval(() => {
    if (devices.some(({ pending }) => pending > 0)) return;
    clearInterval(timer);
    waits.sort((a, b) => a - b);
    const acknowledgedMs = { p50: percentile(waits, 0.5), p99: percentile(waits, 0.99) };
    const report: LoadReport = { events, reconnects, acknowledgedMs, beganMs, endedMs };
    for (const device of devices) device.end();
    process.send?.(report, () => process.exit());
  }, 50);
}

process.on("message", begin);

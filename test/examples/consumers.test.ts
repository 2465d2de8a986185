import { spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { connectAsync } from "mqtt";
import t from "tap";
import { MqttLink } from "../../src/mqtt/index.js";
import { sampleEvent } from "../support/event.js";
import { linkOptions } from "../support/link.js";
import { Logs, until } from "../support/logs.js";
import { Mosquitto } from "../support/mosquitto.js";
import { openOutbox } from "../support/outbox.js";
import { PYTHON } from "../support/python.js";
import { shippedBroker } from "../support/shipped-broker.js";

type Command = [program: string, ...args: string[]];

const examples: Readonly<Record<string, (port: number, scheme?: string) => Command>> = {
  "consumer.mjs": (port, scheme = "mqtt") => [
    process.execPath,
    "examples/consumer.mjs",
    `${scheme}://localhost:${port}`,
  ],
  "consumer.py": (port) => [PYTHON, "examples/consumer.py", "localhost", String(port)],
};

/** The lines of an example that runs, without its times. */
class Example {
  readonly lines: string[] = [];
  private readonly child;

  constructor([program, ...args]: Command, environment: Readonly<Record<string, string>> = {}) {
    // As a user starts it: the tests' own loaders are no part of it.
    const { NODE_OPTIONS: _, ...inherited } = process.env;
    const env = { ...inherited, ...environment };
    this.child = spawn(program, args, { env, stdio: ["ignore", "pipe", "inherit"] });
    createInterface({ input: this.child.stdout }).on("line", (line) => this.lines.push(line));
  }

  async said(pattern: RegExp, times = 1): Promise<void> {
    const found = () => this.lines.filter((line) => pattern.test(line)).length >= times;
    await until(found, 30_000).catch(() => {
      throw new Error(`no ${pattern} in ${JSON.stringify(this.lines)}`);
    });
  }

  async stop(): Promise<void> {
    const ended = new Promise((resolve) => this.child.once("exit", resolve));
    if (this.child.exitCode !== null) return;
    this.child.kill("SIGTERM");
    await ended;
  }
}

for (const [name, command] of Object.entries(examples)) {
  t.test(`${name} takes an event once, notices what is missing, and tells stopped from gone`, async (t) => {
    const broker = await Mosquitto.start();
    t.teardown(() => broker.stop());
    const example = new Example(command(broker.port));
    t.teardown(() => example.stop());
    await example.said(/^listening/);

    const outbox = await openOutbox(t.testdir());
    const link = (bootId: string) => {
      const options = linkOptions(broker.url, { clientId: "flinch-device", bootId });
      const made = new MqttLink(options, new Logs());
      t.teardown(() => made.stop());
      made.offerEvents(outbox);
      made.start();
      return made;
    };
    const first = link("one");
    await outbox.append(sampleEvent);
    await outbox.append(sampleEvent);
    await example.said(/^online device/);
    await example.said(/^event device 2 2024-01-01T00:00:00.090Z surprise$/);
    t.notOk(example.lines.some((line) => /^(gap|duplicate|restart|late)/.test(line)));

    // What a device does that did not get the acknowledgement, and one whose outbox was full.
    const other = await connectAsync(broker.url);
    t.teardown(() => other.endAsync(true));
    const publish = (topic: string, payload: object) =>
      other.publishAsync(`flinch/device/${topic}`, JSON.stringify(payload), { qos: 1 });
    await publish("event/micro_expression", sampleEvent(2));
    await example.said(/^duplicate device 2$/);
    // A file that is read once more: the same events under new numbers.
    for (const sequence of [3, 4])
      await publish("event/micro_expression", { ...sampleEvent(sequence), id: sampleEvent(sequence - 2).id });
    await example.said(/^duplicate device 4$/);
    const { label: _, ...silent } = sampleEvent(8);
    await publish("event/micro_expression", { ...silent, report: "motion" });
    await example.said(/^gap device 5 to 7$/);
    await example.said(/^event device 8 \S+ motion$/);
    await publish("event/micro_expression", sampleEvent(6));
    await example.said(/^late device 6$/);
    await publish("event/micro_expression", { ...sampleEvent(1), id: "another" });
    await example.said(/^restart device at 1$/);

    await first.stop();
    await example.said(/^stopped device was stopped/);
    link("two");
    await example.said(/^online device/, 2);
    const offline = { schema: "flinch/availability/1", status: "offline", at: null };
    for (const bootId of ["one", "two"]) await publish("availability", { ...offline, bootId });
    await example.said(/^offline device is gone/);
    t.equal(example.lines.filter((line) => line.startsWith("offline")).length, 1, "old news is none");
  });

  t.test(`${name} finds what came while it was away`, async (t) => {
    const broker = await Mosquitto.start();
    t.teardown(() => broker.stop());
    const before = new Example(command(broker.port));
    t.teardown(() => before.stop());
    await before.said(/^listening/);
    await before.stop();
    const device = await connectAsync(broker.url);
    t.teardown(() => device.endAsync(true));
    await device.publishAsync("flinch/device/event/micro_expression", JSON.stringify(sampleEvent(9)), { qos: 1 });
    const after = new Example(command(broker.port));
    t.teardown(() => after.stop());
    await after.said(/^event device 9 /);
  });

  t.test(`${name} comes in with a password over TLS, as a consumer who may read and no more`, async (t) => {
    const { authority, broker, client } = await shippedBroker(t, ["room-1", "consumer"]);
    const ca = join(t.testdir({ "ca.pem": authority.cert }), "ca.pem");
    const user = { FLINCH_USER: "consumer", FLINCH_PASSWORD: "secret of consumer", FLINCH_CA: ca };
    const example = new Example(command(broker.port, "mqtts"), user);
    t.teardown(() => example.stop());
    await example.said(/^listening/);
    const device = await client("room-1");
    await device.publishAsync("flinch/room-1/event/micro_expression", JSON.stringify(sampleEvent(3)), { qos: 1 });
    await example.said(/^event room-1 3 /);
  });
}

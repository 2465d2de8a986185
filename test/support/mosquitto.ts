import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect as tcpConnect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { freePort } from "./free-port.js";
import { until } from "./logs.js";

async function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = tcpConnect(port, "127.0.0.1");
    const answer = (open: boolean) => {
      socket.destroy();
      resolve(open);
    };
    socket.once("connect", () => answer(true)).once("error", () => answer(false));
  });
}

/** A real Mosquitto on a free port of loopback, with a directory of its own. */
export class Mosquitto {
  private child: ChildProcess | undefined;
  readonly port: number;

  private constructor(
    readonly directory: string,
    port: number,
  ) {
    this.port = port;
  }

  /** @param settings further lines of mosquitto.conf; DIR stands for the broker's directory */
  static async start(settings: readonly string[] = ["allow_anonymous true"], files: Record<string, string> = {}) {
    return Mosquitto.launch((port) => [`listener ${port} 127.0.0.1`, ...settings].join("\n"), files);
  }

  /**
   * A broker with the configuration that ships in config/mosquitto, its port and directories changed.
   * @param files what it names in /etc/mosquitto, by the path below it
   * @param change of the text, for what the file offers as a comment
   */
  static async startShipped(files: Record<string, string>, change: (conf: string) => string = (conf) => conf) {
    const acl = readFileSync("config/mosquitto/acl", "utf8");
    const shipped = change(readFileSync("config/mosquitto/mosquitto.conf", "utf8"));
    const here = (port: number) =>
      shipped
        .replace("listener 8883", `listener ${port}`)
        .replaceAll(/\/(etc|var\/lib)\/mosquitto\//g, "DIR/")
        .replace("log_dest syslog", "log_dest file DIR/log");
    return Mosquitto.launch(here, { acl, ...files });
  }

  private static async launch(conf: (port: number) => string, files: Record<string, string>): Promise<Mosquitto> {
    const directory = mkdtempSync(join(tmpdir(), "flinch-mosquitto-"));
    const broker = new Mosquitto(directory, await freePort());
    for (const [name, content] of Object.entries(files)) {
      mkdirSync(join(directory, name, ".."), { recursive: true });
      writeFileSync(join(directory, name), content, { mode: 0o600 });
    }
    const text = `${conf(broker.port)}\nuser root\nlog_type all\n`;
    writeFileSync(join(directory, "mosquitto.conf"), text.replaceAll("DIR", directory));
    await broker.run();
    return broker;
  }

  get url(): string {
    return `mqtt://127.0.0.1:${this.port}`;
  }

  /** Starts the process again, after `kill`. */
  async run(): Promise<void> {
    this.child = spawn("/usr/sbin/mosquitto", ["-c", join(this.directory, "mosquitto.conf")], { stdio: "ignore" });
    for (let attempt = 0; attempt < 200; attempt++) {
      if (await accepts(this.port)) return;
      await sleep(25);
    }
    throw new Error("mosquitto does not listen");
  }

  /** Kills the process as a crash would: nothing is saved, no connection closed in order. */
  async kill(): Promise<void> {
    await this.end("SIGKILL");
  }

  /** Stops the process as an upgrade would: it writes down all that it has acknowledged. */
  async terminate(): Promise<void> {
    await this.end("SIGTERM");
  }

  async stop(): Promise<void> {
    await this.kill();
    rmSync(this.directory, { recursive: true, force: true });
  }

  private async end(signal: "SIGKILL" | "SIGTERM"): Promise<void> {
    const { child } = this;
    this.child = undefined;
    if (child === undefined || child.exitCode !== null) return;
    child.kill(signal);
    await once(child, "exit");
  }
}

export interface Message {
  readonly topic: string;
  readonly payload: Record<string, unknown>;
  readonly retained: boolean;
  readonly qos: number;
  readonly contentType: string;
  /** "name:value name:value". */
  readonly userProperties: string;
  /** Seconds until the broker drops it; undefined for never. */
  readonly expiryS: number | undefined;
}

/** A real mosquitto_sub, whose messages can be waited for. */
export class Subscriber {
  readonly messages: Message[] = [];
  private readonly child: ChildProcess;
  private subscribed = false;

  constructor(port: number, topic = "#", options: readonly string[] = []) {
    // A format of its own lines, parted by tabs: topic, retained, QoS, content type, user properties, expiry, payload.
    const format = "%t\t%r\t%q\t%C\t%P\t%E\t%p";
    // -d tells, among its other lines, when the broker has granted the subscription; stdbuf lets them out at once.
    const fixed = [
      "-oL",
      "mosquitto_sub",
      "-d",
      "-h",
      "127.0.0.1",
      "-p",
      String(port),
      "-V",
      "5",
      "-q",
      "1",
      "-t",
      topic,
      "-F",
      format,
    ];
    this.child = spawn("stdbuf", [...fixed, ...options], { stdio: ["ignore", "pipe", "ignore"] });
    if (this.child.stdout === null) throw new Error("no output");
    createInterface({ input: this.child.stdout }).on("line", (line) => {
      if (line.startsWith("Subscribed (")) this.subscribed = true;
      const [name = "", retained, qos, contentType = "", userProperties = "", expiry, payload] = line.split("\t");
      if (payload === undefined) return;
      this.messages.push({
        topic: name,
        // An empty payload takes back what was retained.
        payload: payload === "" ? {} : JSON.parse(payload),
        retained: retained === "1",
        qos: Number(qos),
        contentType,
        userProperties,
        expiryS: expiry === "" ? undefined : Number(expiry),
      });
    });
  }

  /** Waits until the broker has granted the subscription: what is published from then on arrives. */
  async ready(withinMs = 10_000): Promise<void> {
    await until(() => this.subscribed, withinMs);
  }

  /** The first message, past or to come, that satisfies `wanted`. */
  async message(wanted: (message: Message) => boolean, withinMs = 10_000): Promise<Message> {
    const end = performance.now() + withinMs;
    for (;;) {
      const found = this.messages.find(wanted);
      if (found !== undefined) return found;
      if (performance.now() > end) throw new Error(`no such message among ${JSON.stringify(this.messages)}`);
      await sleep(10);
    }
  }

  close(): void {
    this.child.kill("SIGKILL");
  }
}

import { type KeyObject, randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { Config } from "../../../src/config/index.js";
import { redactedConfig } from "../../../src/config/index.js";
import { type DesiredConfig, scopesOf, topicOfScope } from "../../../src/config/remote/index.js";
import type { State } from "../../../src/contract/index.js";
import { MqttLink } from "../../../src/mqtt/index.js";
import { desiredConfigOf, localConfig, Pipe } from "../../support/desired-config.js";
import { linkOptions } from "../../support/link.js";
import { Logs } from "../../support/logs.js";
import { sampleState } from "../../support/state.js";

/** How often a room says its state, milliseconds. */
const BEAT_MS = 100;

/** A device without a camera: its link and its remote configuration are the daemon's, its frames are made up. */
export class Room {
  readonly pipe = new Pipe();
  /** What it tells of its source from the next beat on. */
  source: Partial<State["source"]> = {};
  /** Frames between two beats. */
  frames = 3;
  private captured = 0;
  private readonly bootId = randomUUID();
  private readonly link: MqttLink;
  private remote: DesiredConfig | undefined;
  private readonly beating = new AbortController();

  private constructor(
    url: string,
    readonly local: Config,
  ) {
    this.link = new MqttLink(linkOptions(url, { device: local.device.id, bootId: this.bootId }), new Logs());
  }

  /**
   * @param argv of its local configuration
   * @param key that its documents must be signed with
   */
  static async start(url: string, id: string, argv: readonly string[] = [], key?: KeyObject): Promise<Room> {
    const room = new Room(url, localConfig(`--device.id=${id}`, ...argv));
    await room.begin(key);
    return room;
  }

  /** The configuration in force. */
  get current(): Config {
    return this.pipe.last ?? this.local;
  }

  async stop(): Promise<void> {
    this.beating.abort();
    await this.link.stop();
    await this.remote?.suspend();
  }

  private async begin(key: KeyObject | undefined): Promise<void> {
    const { local, pipe } = this;
    const { desiredConfig } = await desiredConfigOf({ local, pipe, key, onReport: () => this.report() });
    this.remote = desiredConfig;
    for (const scope of scopesOf(local)) {
      const filter = topicOfScope(local, scope);
      this.link.subscribe({ filter, onMessage: ({ payload }) => void desiredConfig.receive(scope, payload) });
    }
    this.link.publishRetained("info", {
      schema: "flinch/info/1",
      device: local.device.id,
      bootId: this.bootId,
      at: new Date().toISOString(),
      versions: { flinch: "0.0.0", node: "24", opencv: "4", onnxruntime: "1" },
      model: { name: "hsta", version: "1", sha256: "a".repeat(64) },
    });
    this.link.start();
    this.report();
    void this.beat(this.beating.signal);
  }

  private report(): void {
    const { current, remote } = this;
    if (remote === undefined) return;
    this.link.publishRetained("config/reported", {
      schema: "flinch/config_reported/1",
      bootId: this.bootId,
      at: new Date().toISOString(),
      config: redactedConfig(current),
      ...remote.report(),
    });
  }

  private async beat(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      this.captured += this.frames;
      const source = { ...sampleState.source, captured: this.captured, ...this.source };
      const at = new Date().toISOString();
      this.link.publishRetained("state", { ...sampleState, bootId: this.bootId, at, source });
      await sleep(BEAT_MS, undefined, { signal }).catch(() => undefined);
    }
  }
}

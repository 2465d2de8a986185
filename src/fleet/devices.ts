import type { Availability, Info, ReportedConfig, State } from "../contract/index.js";
import { isObject, type JsonObject, parseJson } from "../lib/json-payload.js";

/** A document of `config/desired` as the broker keeps it. */
export interface KeptDocument {
  readonly version: number;
  readonly config: JsonObject;
}

/** What is known of one device by what it, or the broker for it, has said. */
export interface Device {
  readonly id: string;
  readonly availability?: Availability;
  readonly info?: Info;
  readonly state?: State;
  readonly reported?: ReportedConfig;
  /** Different states that came: the first may be as old as the broker keeps it, each further one is fresh. */
  readonly states: number;
  /** When the latest of them came, milliseconds since the Unix epoch. */
  readonly stateCameMs: number;
  /** When an event came, milliseconds since the Unix epoch; undefined for none while listening. */
  readonly eventCameMs?: number;
}

type Told = Pick<Device, "availability" | "info" | "state" | "reported">;

/** Topics below a device's: the schema of what is told there, where it is kept, and the objects that it must hold. */
const TOLD: Readonly<Record<string, readonly [schema: string, member: keyof Told, ...objects: string[]]>> = {
  availability: ["flinch/availability/1", "availability"],
  info: ["flinch/info/1", "info", "versions", "model"],
  state: ["flinch/state/1", "state", "source", "events"],
  "config/reported": ["flinch/config_reported/1", "reported", "config", "groups"],
};
const DESIRED = "config/desired";
const GROUP = /^_groups\/([^/]+)\/config\/desired$/;
const OWN = /^([A-Za-z0-9._-]{1,64})\/(.+)$/;

/** A fleet as its topics show it. What is of another schema, or no JSON, is passed over. */
export class Devices {
  private readonly known = new Map<string, Device>();
  private readonly documents = new Map<string, KeptDocument>();
  private readonly topics = new Set<string>();
  /** When something came last on a topic that nothing had come on before, milliseconds of the monotonic clock. */
  newTopicMs = performance.now();

  constructor(private readonly prefix: string) {}

  /** The filters of MQTT that `take` is for; that of events comes besides. */
  get filters(): readonly string[] {
    const own = [...Object.keys(TOLD), DESIRED].map((name) => `${this.prefix}/+/${name}`);
    return [...own, `${this.prefix}/_groups/+/config/desired`];
  }

  get eventFilter(): string {
    return `${this.prefix}/+/event/micro_expression`;
  }

  /** In order of their names. */
  all(): readonly Device[] {
    return [...this.known.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
  }

  of(id: string): Device | undefined {
    return this.known.get(id);
  }

  /** The document that the broker keeps for a topic; undefined for none, or one that says nothing. */
  document(topic: string): KeptDocument | undefined {
    return this.documents.get(topic);
  }

  /** Takes in a message. */
  take(topic: string, payload: Uint8Array): void {
    if (!this.topics.has(topic)) this.newTopicMs = performance.now();
    this.topics.add(topic);
    if (!topic.startsWith(`${this.prefix}/`)) return;
    const below = topic.slice(this.prefix.length + 1);
    const [, id, name] = OWN.exec(below) ?? [];
    if (GROUP.test(below) || name === DESIRED) this.takeDocument(topic, payload);
    else if (id !== undefined && name !== undefined) this.takeTold(id, name, payload);
  }

  private takeDocument(topic: string, payload: Uint8Array): void {
    const said = objectIn(payload);
    const { version, config } = said ?? {};
    if (Number.isSafeInteger(version) && isObject(config))
      this.documents.set(topic, { version: version as number, config });
    else this.documents.delete(topic);
  }

  private takeTold(id: string, name: string, payload: Uint8Array): void {
    const device: Device = this.known.get(id) ?? { id, states: 0, stateCameMs: 0 };
    if (name === "event/micro_expression") {
      this.known.set(id, { ...device, eventCameMs: Date.now() });
      return;
    }
    const [schema, member, ...objects] = TOLD[name] ?? [];
    const said = objectIn(payload);
    if (member === undefined || said === undefined || said["schema"] !== schema) return;
    if (!objects.every((name) => isObject(said[name]))) return;
    const isState = member === "state";
    if (isState && device.state?.at === said["at"] && device.state?.bootId === said["bootId"]) return;
    this.known.set(id, {
      ...device,
      [member]: said,
      ...(isState && { states: device.states + 1, stateCameMs: Date.now() }),
    });
  }
}

function objectIn(payload: Uint8Array): JsonObject | undefined {
  try {
    const said = parseJson(payload);
    return isObject(said) ? said : undefined;
  } catch {
    return undefined;
  }
}

import { setTimeout as sleep } from "node:timers/promises";
import { shownText } from "../../lib/free-text.js";
import type { Watched } from "../watch.js";
import { answerOf } from "./answer.js";
import { Health } from "./health.js";
import type { RolloutFile, Target } from "./record.js";
import { publish, type Tools } from "./writer.js";

const POLL_MS = 50;

/** Something that ends a rollout: whose fault it is, and what it is. */
interface Fault {
  readonly device: string;
  readonly reason: string;
}

/** Writes a rollout's documents stage by stage, and stops at the first stage that does not go well. */
export class Rollout {
  private readonly health = new Map<string, Health>();
  /** Since each device has said that the document is in force: it has to prove itself from then on. */
  private readonly accepted = new Map<string, Health>();

  /** What each device had reported when it was written to: a refusal in it is of an earlier try. */
  private readonly reported = new Map<string, unknown>();

  constructor(
    private readonly fleet: Watched,
    private readonly file: RolloutFile,
    private readonly tools: Tools,
  ) {}

  /**
   * Does what is left to be done.
   * @returns whether every stage went well
   * @throws FlinchError MQTT_REFUSED, STATE_UNWRITABLE; the signal's reason
   */
  async run(): Promise<boolean> {
    const { stages } = this.file.record;
    for (const [i, upTo] of stages.entries()) {
      const topics = this.file.record.targets.slice(stages[i - 1] ?? 0, upTo).map(({ topic }) => topic);
      const devices = this.targets(topics).flatMap((target) => target.devices);
      if (this.targets(topics).every(({ status }) => status === "kept")) {
        for (const device of devices) this.watch(device);
        continue;
      }
      this.tools.say(`stage ${i + 1} of ${stages.length}: ${devices.join(", ")}`);
      const faults = await this.stage(topics, devices);
      for (const { device, reason } of faults) this.tools.say(shownText(`  ${device} ${reason}`));
      const bad = new Set(faults.map(({ device }) => device));
      for (const target of this.targets(topics)) {
        const status = target.devices.some((device) => bad.has(device))
          ? "failed"
          : faults.length > 0
            ? "written"
            : "kept";
        // What was never written waits on.
        if (target.status !== "waiting") await this.file.note(target, { status });
      }
      if (faults.length > 0) return false;
    }
    return true;
  }

  private targets(topics: readonly string[]): readonly Target[] {
    return this.file.record.targets.filter(({ topic }) => topics.includes(topic));
  }

  private watch(device: string): void {
    this.health.set(device, new Health(this.fleet.devices.of(device)));
  }

  private async stage(topics: readonly string[], devices: readonly string[]): Promise<readonly Fault[]> {
    for (const device of devices) this.watch(device);
    for (const target of this.targets(topics)) {
      const reason = await this.write(target);
      if (reason !== undefined) return target.devices.map((device) => ({ device, reason }));
    }
    const unanswered = await this.answers(topics);
    return unanswered.length > 0 ? unanswered : await this.settle(topics, devices);
  }

  /** @returns why it is not written; undefined where it is */
  private async write(target: Target): Promise<string | undefined> {
    const { topic, version, before, config } = target;
    const there = this.fleet.devices.document(topic)?.version;
    if (there !== version && there !== before?.version) {
      const found =
        there === undefined ? "no document is there any more" : `somebody else has written version ${there}`;
      return `was not written to: ${found}`;
    }
    await this.file.note(target, { status: "written" });
    for (const device of target.devices) this.reported.set(device, this.fleet.devices.of(device)?.reported);
    await publish(this.fleet, topic, { version, config }, this.tools);
    return undefined;
  }

  /** Waits for every device's answer. */
  private async answers(topics: readonly string[]): Promise<readonly Fault[]> {
    const { answerWithinS } = this.file.record;
    const waiting = new Map(this.targets(topics).flatMap((target) => target.devices.map((device) => [device, target])));
    const faults: Fault[] = [];
    let until = performance.now() + answerWithinS * 1000;
    while (waiting.size > 0) {
      await this.pause();
      if (!this.fleet.broker.connected) until = performance.now() + answerWithinS * 1000;
      for (const [device, { scope, version }] of waiting) {
        const found = this.fleet.devices.of(device);
        const answer = answerOf(found, scope, version);
        const ill = this.illness(device);
        if (answer === "accepted") {
          this.tools.say(`  ${device} has version ${version} in force`);
          this.accepted.set(device, new Health(found));
        } else if (answer !== "none" && found?.reported !== this.reported.get(device))
          faults.push({ device, reason: answer.refused });
        else if (ill !== undefined) faults.push({ device, reason: ill });
        else if (performance.now() < until) continue;
        else faults.push({ device, reason: `has not answered within ${answerWithinS} s` });
        waiting.delete(device);
      }
    }
    return faults;
  }

  /** Watches everybody who has been configured so far for the time of a stage. */
  private async settle(topics: readonly string[], devices: readonly string[]): Promise<readonly Fault[]> {
    const ms = this.file.record.settleS * 1000;
    const written = this.file.record.targets.filter(({ status, topic }) => status === "kept" || topics.includes(topic));
    if (ms > 0) this.tools.say(`  watching for ${ms / 1000} s`);
    let since = performance.now();
    for (;;) {
      await this.pause();
      // What happened while nobody could listen is not known: watched anew.
      if (!this.fleet.broker.connected) since = performance.now();
      const faults = written.flatMap((target) => target.devices.flatMap((device) => this.fault(device, target)));
      if (faults.length > 0) return faults;
      const waited = performance.now() - since;
      const silent = devices.filter((device) => !this.isProven(device));
      if (waited >= ms && silent.length === 0) return [];
      if (waited >= 2 * ms + MOST_SILENT_MS)
        return silent.map((device) => ({ device, reason: "has told no state since, by which it watches" }));
    }
  }

  private fault(device: string, { scope, version }: Target): Fault[] {
    const answer = answerOf(this.fleet.devices.of(device), scope, version);
    const reason = typeof answer === "object" ? answer.refused : this.illness(device);
    return reason === undefined ? [] : [{ device, reason }];
  }

  private illness(device: string): string | undefined {
    return this.health.get(device)?.fault(this.fleet.devices.of(device));
  }

  private isProven(device: string): boolean {
    const since = this.accepted.get(device);
    since?.fault(this.fleet.devices.of(device));
    return since?.proven ?? false;
  }

  private async pause(): Promise<void> {
    await sleep(POLL_MS, undefined, { signal: this.tools.signal });
  }
}

/** Beyond twice the time of a stage, for the state that a device publishes every 30 s, milliseconds. */
const MOST_SILENT_MS = 70_000;

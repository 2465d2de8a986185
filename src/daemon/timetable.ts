import { join } from "node:path";
import type { Gate } from "../capture/index.js";
import type { Config } from "../config/index.js";
import { clipsFolder } from "../evidence/place.js";
import type { History } from "../history/index.js";
import type { Log } from "../lib/log.js";
import type { Outbox } from "../outbox/index.js";
import { Heartbeat } from "./heartbeat.js";
import { RecordingHours } from "./recording-hours.js";
import { deleteExpired } from "./retention.js";
import { startSchedule } from "./schedules.js";

const DAY_MS = 24 * 3600 * 1000;

export interface TimetableOptions {
  readonly config: Config;
  readonly log: Log;
  readonly outbox: Outbox;
  /** Where one is kept. */
  readonly history?: Pick<History, "expire">;
  /** Deletes the clips that have been kept long enough, after the history; returns how many. */
  readonly expireClips?: () => Promise<number>;
  readonly gate: Gate;
  /** Publishes the state. */
  readonly publishState: () => void;
  /** Publishes the daily summary. */
  readonly summarise: () => Promise<void>;
}

/** All that happens by the clock: heartbeat, retention, daily summary, recording hours. */
export class Timetable {
  private readonly heartbeat: Heartbeat;
  private readonly tasks: { stop(): void }[];

  /** Starts everything; what fails is logged and comes again at its time. */
  constructor(private readonly options: TimetableOptions) {
    const { config, log, publishState, summarise } = options;
    const { schedule } = config;
    const onError = (err: unknown) => log.error({ err }, "a scheduled task failed");
    const task = (name: string, expression: string, run: () => void | Promise<void>) =>
      startSchedule({ name, expression, timezone: schedule.timezone, run, onError });
    this.heartbeat = new Heartbeat(publishState, onError);
    this.tasks = [
      this.heartbeat,
      task("retention", schedule.retention, () => this.retain()),
      task("summary", schedule.summary, summarise),
    ];
    if (schedule.recording.start !== "") this.tasks.push(task("recording", "* * * * *", this.recordingHours()));
  }

  /** Goes by another configuration, as far as it is live. */
  follow(config: Config): void {
    this.heartbeat.follow(config);
  }

  stop(): void {
    for (const task of this.tasks) task.stop();
  }

  /** Deletes what has been kept long enough; 0 days mean for ever, in either key. */
  private async retain(): Promise<void> {
    const { config, log, outbox, history, expireClips } = this.options;
    const { outbox: limits, privacy, state } = config;
    const days = [limits.maxAgeDays, privacy.retentionDays].filter((limit) => limit > 0);
    const expired = days.length === 0 ? 0 : await outbox.expire(Math.min(...days) * DAY_MS);
    // What could not be read is kept for a person to look at, but not for ever.
    const aside = [join(limits.directory, "corrupt"), join(state.directory, "damaged")];
    const { deleted } = await deleteExpired({
      directories: privacy.retentionDays > 0 ? aside : [],
      days: privacy.retentionDays,
      nowMs: Date.now(),
    });
    const forgotten = history?.expire(privacy.retentionDays);
    const clips = await (expireClips?.() ?? this.expireLoneClips());
    log.info({ expired, deleted, ...(forgotten && { history: forgotten }), clips }, "retention");
  }

  /** Clips that an earlier configuration left, where no history says how old their events are. */
  private async expireLoneClips(): Promise<number> {
    const { evidence, privacy, state } = this.options.config;
    const days = evidence.retentionDays || privacy.retentionDays;
    if (days === 0) return 0;
    const directories = [clipsFolder(state.directory)];
    return (await deleteExpired({ directories, days, nowMs: Date.now() })).deleted;
  }

  /** Closes the gate outside of the recording hours, now and whenever it is called. */
  private recordingHours(): () => void {
    const { config, gate } = this.options;
    const { recording, timezone } = config.schedule;
    const hours = new RecordingHours({ ...recording, timezone });
    const look = () => gate.set("outside_hours", !hours.isOn(Date.now()));
    look();
    return look;
  }
}

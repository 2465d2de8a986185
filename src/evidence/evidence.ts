import type { ClipFailure, State } from "../contract/index.js";
import { reasonOf } from "../lib/errors.js";
import type { Logger } from "../lib/logger.js";
import type { Outbox } from "../outbox/index.js";
import type { Sender } from "../sessions/index.js";
import { Announcer } from "./announce.js";
import { ClipQueue } from "./clip-queue.js";
import { ClipRecorder, type ClipRecorderOptions } from "./clip-recorder.js";
import { Clips, type KeptEvents } from "./clips.js";
import { type Encoder, findEncoder } from "./encoder.js";
import type { Footage } from "./footage.js";
import { readKey } from "./key.js";
import { Seal } from "./seal.js";
import type { EvidenceSettings } from "./settings.js";

const MB = 1_000_000;
/** How long the end of the daemon waits for clips that are being made. */
const FAREWELL_MS = 5_000;

export interface EvidenceOptions {
  readonly settings: EvidenceSettings;
  /** `state.directory`, in which clips lie, and `outbox.directory`: the key may lie in neither. */
  readonly stateDirectory: string;
  readonly outboxDirectory: string;
  readonly outbox: Pick<Outbox, "append">;
  readonly sender: Sender;
  readonly events: KeptEvents;
  readonly log: Pick<Logger, "info" | "warn" | "error">;
}

/** What a daemon that watches tells of its pipeline. */
export type Watching = Pick<ClipRecorderOptions, "allowed" | "clip" | "layout">;

/** Clips of events: made where they are wanted, kept as long as they may be. */
export class Evidence {
  private recorder: ClipRecorder | undefined;
  private readonly queue: ClipQueue;
  private made = 0;
  private failed = 0;

  private constructor(
    readonly clips: Clips,
    private readonly announcer: Announcer,
    private readonly encoder: Encoder | undefined,
    private readonly options: EvidenceOptions,
  ) {
    this.queue = new ClipQueue(
      (footage) => this.make(footage),
      (footage, why) => void this.fail(footage, why),
    );
  }

  /**
   * Opens the clips that there are. With `evidence.enabled` they can be seen; with `filming` new ones can be made, too.
   * @param filming whether a pipeline runs
   * @throws FlinchError CONFIG_INVALID for a key that cannot be used, or without an encoder; STATE_UNWRITABLE
   */
  static async open(options: EvidenceOptions, filming: boolean): Promise<Evidence> {
    const { settings, stateDirectory, outboxDirectory, outbox, sender, events, log } = options;
    const { enabled, keyFile, maxMb } = settings;
    const seal = enabled
      ? await Seal.open(await readKey(keyFile, [stateDirectory, outboxDirectory]), keyFile)
      : undefined;
    const encoder = enabled && filming ? await findEncoder(settings.encoder, settings.what) : undefined;
    if (encoder) log.info({ encoder: encoder.name, what: settings.what }, "evidence: a clip of every event is kept");
    const announcer = new Announcer(outbox, sender);
    const clips = await Clips.open({
      ...{ stateDirectory, events, announcer, log },
      maxBytes: maxMb * MB,
      ...(seal && { seal }),
    });
    return new Evidence(clips, announcer, encoder, options);
  }

  /** Begins to hold pictures; undefined where no clips are made. */
  film(watching: Watching): ClipRecorder | undefined {
    if (this.encoder === undefined) return undefined;
    const { log, settings } = this.options;
    this.recorder ??= new ClipRecorder({
      ...watching,
      content: settings.what,
      onFootage: (footage) => this.queue.add(footage),
      log,
    });
    return this.recorder;
  }

  /** Null where no clips are made. */
  stats(): State["evidence"] {
    if (this.encoder === undefined) return null;
    const { made, failed, queue } = this;
    return { ...this.clips.stats(), waiting: queue.waiting, made, dropped: queue.dropped, failed };
  }

  /** Deletes what has been kept long enough; without `evidence.retentionDays` clips go with their events alone. */
  async expire(): Promise<number> {
    return await this.clips.expire(this.options.settings.retentionDays);
  }

  /** Waits for the clips that are being made, though not for long. Call it when the pipeline has ended. */
  async settled(): Promise<void> {
    this.recorder?.end();
    const late = new AbortController();
    const timer = setTimeout(() => late.abort(), FAREWELL_MS);
    await this.queue.emptied(late.signal);
    clearTimeout(timer);
  }

  private async make(footage: Footage): Promise<void> {
    const { event, stills } = footage;
    const { clips, encoder, options } = this;
    // A recording that is read again gives the same events.
    if (encoder === undefined || clips.has(event.id)) return;
    if (stills.length < 2) return await this.fail(footage, "no_frames");
    let why: ClipFailure = "disk";
    try {
      if (!options.events.kept([event.id]).has(event.id)) return await this.fail(footage, "event_deleted");
      why = "encoder";
      const mp4 = await encoder.encode(footage);
      why = "disk";
      if (!(await clips.add(footage, mp4, encoder.codec, options.settings.what)))
        return await this.fail(footage, "event_deleted");
      this.made += 1;
    } catch (thrown) {
      options.log.error(
        { event: event.id, reason: reasonOf(thrown) },
        `evidence: no clip (${why}): ${reasonOf(thrown)}`,
      );
      await this.fail(footage, why);
    }
  }

  private async fail({ event }: Footage, reason: ClipFailure): Promise<void> {
    if (reason !== "busy") this.failed += 1;
    try {
      await this.announcer.failed(event, reason);
    } catch (thrown) {
      this.options.log.error({ reason: reasonOf(thrown) }, "evidence: a failure cannot be told");
    }
  }
}

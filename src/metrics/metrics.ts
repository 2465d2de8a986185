import { Gauge, Registry } from "prom-client";
import type { Info, MicroExpressionEvent, State } from "../contract/index.js";
import { ClockSteps } from "../lib/clock-steps.js";
import { notReady, ProgressWatch } from "./health.js";
import { LiveMetrics, type Stage, UNTOLD_ONLY, type Verdict } from "./live.js";
import { register } from "./measure.js";
import { registerProcess } from "./process.js";
import { delivering } from "./state/delivering.js";
import { finding } from "./state/finding.js";
import { machine } from "./state/machine.js";
import { seeing } from "./state/seeing.js";

export interface MetricsOptions {
  /** Asked once a scrape. */
  readonly state: () => State;
  readonly info: () => Info;
  /** Classes that an event may name at this report level; none by default. Others are counted as "other". */
  readonly classes?: readonly string[] | undefined;
  /** Has everything that is owed moved since it was last asked (`progressSince` of src/device)? */
  readonly progress?: () => boolean;
  /** Told by how many milliseconds the wall clock was set. */
  readonly onClockStep?: (ms: number) => void;
  /** Milliseconds on a monotonic clock, and since the Unix epoch. */
  readonly now?: () => number;
  readonly wallNow?: () => number;
}

/** One line of the reference. */
export interface MetricDescription {
  readonly name: string;
  readonly type: string;
  readonly help: string;
  readonly labels: readonly string[];
}

/** Everything that Prometheus may know of this device: numbers, and never who was seen. */
export class Metrics {
  private readonly registry = new Registry();
  private readonly live: LiveMetrics;
  private readonly clock: ClockSteps;
  private readonly watch: ProgressWatch;
  /** Of the scrape that is under way. */
  private reading: State | undefined;

  constructor(private readonly options: MetricsOptions) {
    const { registry } = this;
    const { classes = UNTOLD_ONLY, progress = () => true, onClockStep, info } = options;
    const { now = () => performance.now(), wallNow = () => Date.now() } = options;
    for (const measure of [...seeing, ...finding, ...delivering, ...machine])
      register(measure, registry, () => this.state());
    this.live = new LiveMetrics(registry, classes);
    registerInfo(registry, info);
    new Gauge({
      name: "flinch_time_seconds",
      help: "The device's wall clock, since the Unix epoch",
      registers: [registry],
      collect() {
        this.set(wallNow() / 1000);
      },
    });
    registerProcess(registry);
    this.watch = new ProgressWatch({ progress, now });
    const onStep = (ms: number) => {
      this.live.clockStep(ms);
      onClockStep?.(ms);
    };
    this.clock = new ClockSteps({ onStep, now, wallNow });
  }

  /** Media type of `text`. */
  get contentType(): string {
    return this.registry.contentType;
  }

  /** A stage took so many milliseconds on one frame or clip. */
  stage(stage: Stage, ms: number): void {
    this.live.stage(stage, ms);
  }

  /** An event is in the outbox. */
  event(event: MicroExpressionEvent): void {
    this.live.event(event);
  }

  /** A movement that was noticed has become an event, or none and why. */
  movement(verdict: Verdict): void {
    this.live.movement(verdict);
  }

  /** Every metric as it is now, in Prometheus' text format. */
  async text(): Promise<string> {
    this.clock.look();
    this.reading = this.options.state();
    this.registry.setDefaultLabels({ device: this.options.info().device });
    return this.registry.metrics();
  }

  /** Why the process had better be started anew, one line each; none while it works. */
  unhealthy(): readonly string[] {
    const { stalledS } = this.watch;
    return stalledS === undefined ? [] : [`no frame or clip has come out of the pipeline for ${stalledS} s`];
  }

  /** Why no events can be had from this device now, one line each; none while it is ready. */
  notReady(): readonly string[] {
    return notReady(this.options.state());
  }

  /** Every metric, in the order of a scrape; for documentation. */
  describe(): readonly MetricDescription[] {
    return this.registry.getMetricsAsArray().map((metric) => {
      // The type is a string in metrics, whatever prom-client's declaration says.
      const { name, help, type, labelNames = [] } = metric as unknown as MetricDescription & { labelNames?: string[] };
      return { name, help, type, labels: labelNames };
    });
  }

  /** Ends what runs in the background. May be called twice. */
  close(): void {
    this.clock.stop();
    this.watch.stop();
  }

  private state(): State {
    return this.reading ?? this.options.state();
  }
}

/** What runs here, as labels: the value is always 1. */
function registerInfo(registry: Registry, info: () => Info): void {
  new Gauge({
    name: "flinch_build_info",
    help: "Versions, model, execution provider and report level, as labels; always 1",
    labelNames: ["version", "node", "opencv", "onnxruntime", "model", "model_version", "provider", "report"],
    registers: [registry],
    collect() {
      const { versions, model, provider, report } = info();
      const { flinch: version, node, opencv, onnxruntime } = versions;
      this.reset();
      this.set(
        { version, node, opencv, onnxruntime, model: model.name, model_version: model.version, provider, report },
        1,
      );
    },
  });
}

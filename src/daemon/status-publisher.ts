import { type ConfigInForce, redactedConfig } from "../config/index.js";
import type { Info, RemoteReport, State } from "../contract/index.js";
import { discoveryOf, type MqttLink } from "../mqtt/index.js";
import { infoOf } from "./info-payload.js";
import type { PipelineRun } from "./pipeline-run.js";
import { type StateParts, stateOf } from "./state-payload.js";

/** What is published, and where to. */
export interface StatusParts extends StateParts {
  readonly link: Pick<MqttLink, "status" | "publishRetained">;
  readonly inForce: ConfigInForce;
}

/** Says what the device is and how it is, retained: `info` with its discovery, `state`, `config/reported`. */
export class StatusPublisher {
  constructor(private readonly parts: StatusParts) {}

  info({ models }: PipelineRun): Info {
    return infoOf(models, this.parts.inForce.current, this.parts.bootId);
  }

  state(run: PipelineRun): State {
    return stateOf(run, this.parts);
  }

  publishState(run: PipelineRun): void {
    this.parts.link.publishRetained("state", this.state(run));
  }

  /** Publishes what this run is with the configuration in force, and its state. */
  publishInfo(run: PipelineRun): void {
    const { link, inForce } = this.parts;
    const info = this.info(run);
    link.publishRetained("info", info);
    if (inForce.current.mqtt.discoveryPrefix !== "")
      link.publishRetained("discovery", discoveryOf(inForce.current, info, run.models.recogniser.entry.labels));
    this.publishState(run);
  }

  /** Publishes the configuration in force, and what became of the documents that were to change it. */
  publishConfig(documents: RemoteReport): void {
    const { link, inForce, bootId } = this.parts;
    link.publishRetained("config/reported", {
      schema: "flinch/config_reported/1",
      bootId,
      at: new Date().toISOString(),
      config: redactedConfig(inForce.current),
      ...documents,
    });
  }
}

import { pipelineOf, readByGStreamer } from "../../capture/gstreamer.js";
import type { SourceConfig } from "../../capture/index.js";
import { onJetson } from "../../capture/index.js";
import type { Check } from "../../lib/check.js";
import { redactAddress } from "../../lib/redact.js";
import { boardCheck, pipelineCheck } from "./board.js";
import { writableCheck } from "./disk.js";
import { jetsonCheck } from "./jetson.js";
import { modelsCheck } from "./models.js";
import { nodeCheck, opencvCheck } from "./runtime.js";
import { clockCheck, systemdNotifyCheck } from "./system.js";

/** The configuration, as far as a doctor looks at what it names. */
export interface CheckedConfig {
  readonly recognition: {
    readonly manifest: string;
    readonly providers: readonly string[];
    readonly tensorrt: { readonly engineCacheDirectory: string };
  };
  readonly outbox: { readonly directory: string };
  readonly state: { readonly directory: string };
  readonly source: SourceConfig;
}

/**
 * All that a doctor looks at. Inference, source and broker are asked of the machine where nothing runs, and of the
 * daemon where it does: two cannot have one camera, nor one name at the broker.
 */
export function doctorChecks(
  { recognition, outbox, state, source: configured }: CheckedConfig,
  { inference, source, broker }: { readonly inference: Check; readonly source: Check; readonly broker: Check },
): Check[] {
  return [
    nodeCheck(),
    opencvCheck(),
    jetsonCheck(),
    modelsCheck(recognition.manifest),
    inference,
    writableCheck("outbox", outbox.directory),
    writableCheck("state", state.directory),
    ...(recognition.providers.includes("tensorrt")
      ? [writableCheck("engine cache", recognition.tensorrt.engineCacheDirectory)]
      : []),
    ...pipelineCheck(readByGStreamer(configured, onJetson()) ? redactAddress(pipelineOf(configured) ?? "") : undefined),
    source,
    broker,
    boardCheck(),
    systemdNotifyCheck(),
    clockCheck(),
  ];
}

import type { Config } from "../config/index.js";
import type { Detection, MicroExpressionEvent, Session } from "../contract/index.js";

/** What the daemon knows of a detection beside the detection itself. */
export interface Circumstances {
  readonly config: Pick<Config, "device">;
  readonly bootId: string;
  readonly sequence: number;
  readonly session: Session | undefined;
  /** Execution provider that ran HSTA. */
  readonly provider: string;
  /** Wall clock of a moment of the stream, milliseconds since the Unix epoch. */
  readonly wallMs: (timeMs: number) => number;
}

/** The event of a detection: who saw it, where, and when on the wall clock. */
export function eventOf(detection: Detection, circumstances: Circumstances): MicroExpressionEvent {
  const { config, bootId, sequence, session, provider, wallMs } = circumstances;
  const now = Date.now();
  const at = (timeMs: number) => new Date(wallMs(timeMs)).toISOString();
  const since = (timeMs: number) => Math.max(0, Math.round(now - wallMs(timeMs)));
  return {
    schema: "flinch/micro_expression/1",
    ...detection,
    device: config.device.id,
    room: session?.room ?? config.device.room,
    session: session?.id ?? null,
    bootId,
    sequence,
    onsetAt: at(detection.onsetMs),
    apexAt: at(detection.apexMs),
    offsetAt: at(detection.offsetMs),
    provider,
    latencyMs: { apex: since(detection.apexMs), offset: since(detection.offsetMs) },
  };
}

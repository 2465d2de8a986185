import { engineStatuses, loadSteps } from "../../contract/index.js";
import { counter, gauge, gauges, type Measure, oneOf } from "../measure.js";

const MB = 1_000_000;
const bytes = (mb: number | null | undefined) => (typeof mb === "number" ? mb * MB : null);

/** How the board is and what is left out for its sake; what the board does not tell is missing. */
export const machine: readonly Measure[] = [
  gauge("uptime_seconds", "Time since the daemon started", ({ uptimeS }) => uptimeS),
  counter("pipeline_starts_total", "Times that the pipeline started since the daemon did", ({ watches }) => watches),
  oneOf(
    "engine_status",
    "1 for the status of the TensorRT engine, 0 for the others",
    "status",
    engineStatuses,
    ({ engine }) => engine.status,
  ),
  oneOf(
    "load_step",
    "1 for what is left out now because the board is hot, 0 for the others",
    "step",
    loadSteps,
    ({ load }) => load.step,
  ),
  gauge("load_suffices", "0 if the board is hot and nothing more can be left out, else 1", ({ load }) => load.suffices),
  counter("load_changes_total", "Steps of leaving out work, down and up", ({ load }) => load.changes),
  gauges("board_temperature_celsius", "Temperature of each zone", "zone", ({ board }) => board?.temperaturesC ?? {}),
  gauge(
    "board_headroom_celsius",
    "Left before throttling, in the zone nearest to it; negative beyond it",
    ({ board }) => board?.headroomC ?? null,
  ),
  gauge("board_throttled", "1 while the board throttles itself", ({ board }) => board?.throttled ?? null),
  counter(
    "board_over_current_events_total",
    "Times since boot that low voltage or excess current slowed the board down",
    ({ board }) => board?.overCurrentEvents ?? null,
  ),
  gauge("board_power_watts", "Power of the whole module", ({ board }) => board?.totalW ?? null),
  gauges("board_processor_load_ratio", "How busy a processor is, 0 to 1", "processor", ({ board }) => ({
    cpu: board?.cpu.load ?? null,
    gpu: board?.gpu.load ?? null,
  })),
  gauges("board_processor_frequency_hertz", "Clock of a processor now", "processor", ({ board }) => ({
    cpu: board?.cpu.hz ?? null,
    gpu: board?.gpu.hz ?? null,
  })),
  gauge("board_memory_total_bytes", "Memory, shared with the GPU", ({ board }) => bytes(board?.memory.totalMb)),
  gauge("board_memory_available_bytes", "Memory that is still available", ({ board }) =>
    bytes(board?.memory.availableMb),
  ),
];

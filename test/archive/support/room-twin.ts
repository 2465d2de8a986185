import { type Recording, readSession } from "../../../src/archive/index.js";
import { gathered } from "../../../src/archive/recording.js";
import { tableOf } from "../../../src/archive/tables.js";
import type { History } from "../../../src/history/index.js";
import { Grid } from "../../../src/spotting/grid.js";
import type { RoomKept } from "./room-signals.js";

/** Steps of the grid between two that are recorded. */
const EVERY = 9;

/** What the spotter's grid makes of the motion of a movement, as it is exported. */
export interface MovementTwin {
  readonly movement: string;
  /** Steps altogether, and of every ninth: time, values in a row, noise. */
  readonly steps: number;
  readonly timesMs: readonly number[];
  readonly values: readonly (readonly number[])[];
  readonly noise: readonly (readonly number[])[];
}

const rounded = (values: ArrayLike<number>): number[] => Array.from(values, (value) => Number(value.toFixed(6)));

export interface RoomTwin {
  /** Of the first session's tables: each column's name and unit. */
  readonly columns: Readonly<Record<string, readonly (readonly [string, string])[]>>;
  readonly movements: readonly MovementTwin[];
}

/** What training must find in the exported tables. */
export async function roomTwin(history: History, { sessions }: RoomKept): Promise<RoomTwin> {
  const columns: Record<string, [string, string][]> = {};
  for (const name of ["movements", "labels", "signals"] as const) {
    const table = await tableOf(readSession(history, sessions[0]?.id ?? ""), name);
    columns[name] = (table?.columns ?? []).map((column) => [column.name, column.unit]);
  }
  const twins = await Promise.all(sessions.map(({ id }) => twinsOf(readSession(history, id))));
  return { columns, movements: twins.flat() };
}

async function twinsOf({ signals }: Recording): Promise<MovementTwin[]> {
  const samples = signals === undefined ? [] : await gathered(signals.samples());
  return [...new Set(samples.map(({ movement }) => movement))].map((movement) => {
    const own = samples.filter((sample) => sample.movement === movement);
    const grid = new Grid(own[0]?.regions.length ?? 0);
    const steps = own.flatMap(({ timeMs, displacement, change, head }) =>
      grid.push({
        timeMs,
        displacement: Float64Array.from(displacement),
        change: Float64Array.from(change),
        head: Float64Array.from(head),
      }),
    );
    const some = steps.filter((_, i) => i % EVERY === 0);
    return {
      movement: movement ?? "",
      steps: steps.length,
      timesMs: rounded(some.map(({ timeMs }) => timeMs)),
      values: some.map(({ values }) => rounded(values)),
      noise: some.map(({ noise }) => rounded(noise)),
    };
  });
}

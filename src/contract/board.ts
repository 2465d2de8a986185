export interface Throttling {
  /** Whether the board slows itself down now; null where it has nothing that would say so. */
  readonly throttled: boolean | null;
  /** What says so: names of cooling devices. */
  readonly throttledBy: readonly string[];
  /** Times since boot that too little voltage or too much current slowed the board down; null where it does not count. */
  readonly overCurrentEvents: number | null;
}

export interface Power {
  /** W at the board's input; null where no rail measures it: a sum of rails would count some twice. */
  readonly totalW: number | null;
  /** W by the name of the rail. */
  readonly railsW: Readonly<Record<string, number>>;
}

export interface Memory {
  /** MB (10⁶ bytes), which a Jetson's GPU shares. */
  readonly totalMb: number | null;
  readonly availableMb: number | null;
}

/** How fast a processor runs, and how busy it is. */
export interface Clock {
  /** Hz now, of the fastest core; null where it is not told. */
  readonly hz: number | null;
  /** Hz that the power mode and the governor allow at most. */
  readonly maxHz: number | null;
  /** 0 (idle) to 1. */
  readonly load: number | null;
}

/** How the board is. What it does not tell is null, never a guess. */
export interface BoardReading extends Throttling, Power {
  /** °C by zone; null for one that cannot be read. */
  readonly temperaturesC: Readonly<Record<string, number | null>>;
  /** °C of the hottest zone. */
  readonly hottestC: number | null;
  /** °C that the zone nearest to its throttling has left. */
  readonly headroomC: number | null;
  /** Of nvpmodel. */
  readonly powerMode: string | null;
  readonly cpu: Clock;
  readonly gpu: Clock;
  readonly memory: Memory;
}

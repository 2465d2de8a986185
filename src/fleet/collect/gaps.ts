import type { Field } from "./database/index.js";
import type { Store } from "./store.js";

/** Numbers of a device's events that never came. */
export interface Gap {
  readonly device: string;
  readonly firstMissing: number;
  readonly lastMissing: number;
  /** How many numbers are missing. */
  readonly missing: number;
  /** When the first event behind them came, ISO 8601. */
  readonly noticedAt: string;
}

const COLUMNS = "device, first_missing, last_missing, missing, extract(epoch from noticed_at) as noticed_s";
const until = (parameter: string) => `noticed_at <= cast(${parameter} as timestamptz)`;

function gapOf(row: Readonly<Record<string, Field>>): Gap {
  const number = (name: string) => Number(row[name]);
  return {
    device: String(row["device"]),
    firstMissing: number("first_missing"),
    lastMissing: number("last_missing"),
    missing: number("missing"),
    noticedAt: new Date(Math.floor(number("noticed_s") * 1000)).toISOString(),
  };
}

/** Every gap that was noticed before this time, by device and number. */
export async function listGaps(store: Store, before: Date): Promise<Gap[]> {
  const sql = `select ${COLUMNS} from gaps where ${until("$1")} order by device, first_missing`;
  return (await store.query(sql, [before.toISOString()])).map(gapOf);
}

/** Most devices whose gaps are looked for at once. */
const MOST_DEVICES = 1000;

/** The gaps that were noticed after one time and up to another; looks at the rows of that time, and no history but of devices that miss something. */
export async function gapsBetween(store: Store, after: Date, before: Date): Promise<Gap[]> {
  const span = [after.toISOString(), before.toISOString()];
  // The first event of a start has none before it either; the view knows the difference.
  const suspects = await store.query(
    `select distinct r.device from received r
     where r.received_at > cast($1 as timestamptz) and r.received_at <= cast($2 as timestamptz) and not exists (
       select 1 from received p where p.device = r.device and p.boot_id = r.boot_id and p.sequence = r.sequence - 1
     ) limit ${MOST_DEVICES}`,
    span,
  );
  const gaps: Gap[] = [];
  for (const { device } of suspects) {
    const sql = `select ${COLUMNS} from gaps where device = $1 and noticed_at > cast($2 as timestamptz) and ${until("$3")} order by first_missing`;
    gaps.push(...(await store.query(sql, [String(device), ...span])).map(gapOf));
  }
  return gaps;
}

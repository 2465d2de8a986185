import { entriesOf, numberOf, textOf } from "./files.js";

/** What the thermal zones say. */
export interface Temperatures {
  /** °C by the zone's name; null for a zone that cannot be read, such as that of a part that is switched off. */
  readonly zonesC: Readonly<Record<string, number | null>>;
  /** °C from the zone that is closest to being throttled to its trip point; null where no zone names one. */
  readonly headroomC: number | null;
}

/** What Linux's thermal framework throttles at: the zone's trip points of this type (active ones are the fan's). */
const THROTTLES = "passive";
/** Zones of a power chip report a constant (100 °C on the TX2, 50 °C on the Xavier): no measurement. */
const CONSTANT = /^pmic/i;
/** Tegra reports -256 °C for a part that is switched off. */
const ABSOLUTE_ZERO_C = -200;

/** @param root holds `sys`; "" is the machine's own. Linux: Documentation/driver-api/thermal/sysfs-api.rst */
export async function readTemperatures(root: string): Promise<Temperatures> {
  const zones = await Promise.all((await entriesOf(`${root}/sys/class/thermal`, "thermal_zone")).map(readZone));
  const named = zones.filter((zone) => zone !== undefined);
  const rooms = named.map(({ headroomC }) => headroomC).filter((room) => room !== null);
  return {
    zonesC: Object.fromEntries(named.map(({ name, celsius }) => [name, celsius])),
    headroomC: rooms.length === 0 ? null : Math.min(...rooms),
  };
}

async function readZone(directory: string) {
  const name = await textOf(`${directory}/type`);
  if (name === null || CONSTANT.test(name)) return undefined;
  const celsius = celsiusOf(await numberOf(`${directory}/temp`));
  const tripC = celsius === null ? null : await throttlingAt(directory);
  return {
    name: shortNameOf(name),
    celsius,
    headroomC: celsius === null || tripC === null ? null : tripC - celsius,
  };
}

/** °C at which the zone begins to be throttled: its lowest passive trip point; null without one. */
async function throttlingAt(directory: string): Promise<number | null> {
  const types = (await entriesOf(directory, "trip_point_")).filter((path) => path.endsWith("_type"));
  const trips = await Promise.all(
    types.map(async (path) =>
      (await textOf(path)) === THROTTLES ? celsiusOf(await numberOf(path.replace(/_type$/, "_temp"))) : null,
    ),
  );
  const known = trips.filter((trip) => trip !== null);
  return known.length === 0 ? null : Math.min(...known);
}

function celsiusOf(thousandths: number | null): number | null {
  const celsius = thousandths === null ? null : thousandths / 1000;
  return celsius === null || celsius < ABSOLUTE_ZERO_C ? null : celsius;
}

/** JetPack 6 calls the zone "cpu-thermal", JetPack 5 "CPU-therm": both are "cpu". */
export function shortNameOf(zone: string): string {
  return zone.toLowerCase().replace(/[-_]?therm(al)?$/, "") || zone.toLowerCase();
}

import { firstNotBefore } from "../lib/sorted.js";
import type { Observed, TrackPoint } from "./observe.js";
import type { Person, Place, Truth } from "./truth.js";

/** Whoever is this near, in eye distances, is the one. The crop's centre lies half of one below the eyes. */
const NEAR = 1.2;

/** A face that never leaves, in a video whose truth does not say where it is. */
const ALONE: Person = { seated: true, places: [] };

export const peopleOf = ({ faces }: Truth): readonly Person[] => faces ?? [ALONE];

/** The entry nearest in time; undefined if none lies within `withinMs`. */
function nearest<T extends readonly [timeMs: number, ...rest: number[]]>(
  entries: readonly T[],
  timeMs: number,
  withinMs: number,
): T | undefined {
  const next = firstNotBefore(entries, timeMs, ([time]) => time);
  const near = [entries[next - 1], entries[next]].filter((entry): entry is T => entry !== undefined);
  const away = (entry: T) => Math.abs(entry[0] - timeMs);
  const best = near.sort((p, q) => away(p) - away(q))[0];
  return best !== undefined && away(best) <= withinMs ? best : undefined;
}

/** Which person of the truth a track followed at a moment; undefined for nobody. */
export function whoAt(people: readonly Person[], track: readonly TrackPoint[], timeMs: number): number | undefined {
  if (people[0] === ALONE) return 0;
  const point = nearest(track, timeMs, 500);
  if (point === undefined) return undefined;
  const distances = people.map(({ places }) => {
    const place: Place | undefined = nearest(places, timeMs, 150);
    return place === undefined ? Infinity : Math.hypot(place[1] - point[1], place[2] - point[2]) / place[3];
  });
  const least = Math.min(...distances);
  return least <= NEAR ? distances.indexOf(least) : undefined;
}

/** How well tracks kept to people. */
export interface Identity {
  /** Milliseconds that seated people could be seen, and those in which a track followed them. */
  readonly visibleMs: number;
  readonly followedMs: number;
  /** Tracks that followed seated people, beyond one for each, and tracks that went from one person to another. */
  readonly extraTracks: number;
  readonly switches: number;
}

export function identityOf(truth: Truth, { tracks }: Observed): Identity {
  const people = peopleOf(truth);
  const followers = people.map(() => new Set<number>());
  let [followedMs, switches] = [0, 0];
  for (const [id, track] of tracks) {
    let last: number | undefined;
    for (const [i, point] of track.entries()) {
      const who = whoAt(people, track, point[0]);
      if (who === undefined) continue;
      if (last !== undefined && who !== last) switches++;
      last = who;
      followers[who]?.add(id);
      const next = track[i + 1];
      if (people[who]?.seated && next !== undefined) followedMs += Math.min(next[0] - point[0], 500);
    }
  }
  const seated = people.flatMap((person, n) => (person.seated ? [{ person, n }] : []));
  const visibleMs = seated.reduce((sum, { person }) => sum + visible(person, truth), 0);
  const extraTracks = seated.reduce((sum, { n }) => sum + Math.max(0, (followers[n]?.size ?? 0) - 1), 0);
  return { visibleMs, followedMs, extraTracks, switches };
}

function visible(person: Person, truth: Truth): number {
  const step = (person.places[1]?.[0] ?? 0) - (person.places[0]?.[0] ?? 0);
  return person === ALONE ? truth.durationMs : person.places.length * step;
}

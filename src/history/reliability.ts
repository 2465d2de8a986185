import { type Estimate, estimate } from "./bootstrap.js";

/** What an observer says of a unit; null or undefined where nothing. */
export type Rating = string | null | undefined;

/** Numbers in order of appearance. */
class Numbering {
  private readonly known = new Map<string, number>();

  of(name: string): number {
    const number = this.known.get(name) ?? this.known.size;
    this.known.set(name, number);
    return number;
  }

  get size(): number {
    return this.known.size;
  }
}

/**
 * Agreement of two observers beyond chance: kappa (Cohen 1960, "A coefficient of agreement for nominal scales",
 * Educational and Psychological Measurement 20(1), 37–46), 1 for full agreement, 0 for that of chance.
 * @param a what one says of each unit; null where nothing: the unit does not count
 * @param b the same of the other, in the same order
 */
export function cohenKappa(a: readonly Rating[], b: readonly Rating[]): Estimate {
  const [categories, kinds] = [new Numbering(), new Numbering()];
  const cells: (readonly [number, number])[] = [];
  const ofUnits: number[] = [];
  for (const [unit, left] of a.entries()) {
    const right = b[unit];
    if (left == null || right == null) continue;
    const cell = [categories.of(left), categories.of(right)] as const;
    const kind = kinds.of(cell.join());
    cells[kind] = cell;
    ofUnits.push(kind);
  }
  return estimate(ofUnits, (counts) => kappaOf(cells, counts, categories.size));
}

/** @param cells of each kind of unit, what both say; @param counts how many there are of each kind */
function kappaOf(cells: readonly (readonly [number, number])[], counts: Float64Array, categories: number) {
  const [rows, columns] = [new Float64Array(categories), new Float64Array(categories)];
  let [total, alike] = [0, 0];
  for (const [kind, [row, column]] of cells.entries()) {
    const count = counts[kind] ?? 0;
    rows[row] = (rows[row] ?? 0) + count;
    columns[column] = (columns[column] ?? 0) + count;
    total += count;
    if (row === column) alike += count;
  }
  const byChance = rows.reduce((sum, count, c) => sum + count * (columns[c] ?? 0), 0) / (total * total);
  if (total === 0 || byChance >= 1) return null;
  return (alike / total - byChance) / (1 - byChance);
}

/**
 * Agreement of any number of observers beyond chance, nominal: alpha (Krippendorff 2011, "Computing Krippendorff's
 * Alpha-Reliability", https://repository.upenn.edu/asc_papers/43, part C), 1 for full agreement, 0 for that of chance.
 * @param units of each unit, what was said of it by whoever said something; a unit with less than two does not count
 */
export function krippendorffAlpha(units: readonly (readonly Rating[])[]): Estimate {
  const [categories, kinds] = [new Numbering(), new Numbering()];
  const profiles: (readonly number[])[] = [];
  const ofUnits: number[] = [];
  for (const ratings of units) {
    const said = ratings.filter((rating) => rating != null).map((rating) => categories.of(rating));
    if (said.length < 2) continue;
    const profile = said.sort((a, b) => a - b);
    const kind = kinds.of(profile.join());
    profiles[kind] = profile;
    ofUnits.push(kind);
  }
  return estimate(ofUnits, (counts) => alphaOf(profiles, counts, categories.size));
}

/** @param profiles of each kind of unit, the categories it was given; @param counts how many there are of each kind */
function alphaOf(profiles: readonly (readonly number[])[], counts: Float64Array, categories: number): number | null {
  const totals = new Float64Array(categories);
  let [values, matches] = [0, 0];
  for (const [kind, profile] of profiles.entries()) {
    const count = counts[kind] ?? 0;
    const own = new Float64Array(categories);
    for (const category of profile) own[category] = (own[category] ?? 0) + 1;
    for (const [category, times] of own.entries()) {
      totals[category] = (totals[category] ?? 0) + count * times;
      matches += (count * times * (times - 1)) / (profile.length - 1);
    }
    values += count * profile.length;
  }
  const expected = totals.reduce((sum, total) => sum + total * (total - 1), 0);
  const possible = values * (values - 1);
  if (possible <= 0 || expected >= possible) return null;
  return 1 - (1 - matches / values) / (1 - expected / possible);
}

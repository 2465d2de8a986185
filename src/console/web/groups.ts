/** Groups of the face's regions, and the beginnings of their regions' names. */
const GROUPS = [
  ["brows", ["brow_"]],
  ["eyes", ["eye_"]],
  ["nose", ["nose"]],
  ["cheeks", ["cheek_"]],
  ["mouth", ["mouth_", "upper_lip", "lower_lip"]],
  ["chin", ["chin"]],
] as const;

export interface RegionGroup {
  readonly name: string;
  /** Indices of its regions. */
  readonly regions: readonly number[];
}

/** The groups of these regions, as `src/spotting/groups.ts` forms them. */
export function groupsOf(regions: readonly string[]): RegionGroup[] {
  return GROUPS.map(([name, prefixes]) => ({
    name,
    regions: regions.flatMap((region, i) => (prefixes.some((prefix) => region.startsWith(prefix)) ? [i] : [])),
  })).filter((group) => group.regions.length > 0);
}

/** The largest of a group's values. */
export const largestIn = ({ regions }: RegionGroup, values: readonly number[]): number =>
  Math.max(0, ...regions.map((i) => values[i] ?? 0));

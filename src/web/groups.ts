import type { Group } from "../spotting/groups.js";

/** The largest of a group's values. */
export const largestIn = ({ regions }: Pick<Group, "regions">, values: readonly number[]): number =>
  Math.max(0, ...regions.map((i) => values[i] ?? 0));

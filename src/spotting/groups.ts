/** Regions that one muscle, or a pair of them, moves together; a whole group is surer than its parts. */
export type GroupName = "brows" | "eyes" | "nose" | "cheeks" | "mouth" | "chin";

const GROUP_OF: readonly (readonly [prefix: string, group: GroupName])[] = [
  ["brow_", "brows"],
  ["eye_", "eyes"],
  ["nose", "nose"],
  ["cheek_", "cheeks"],
  ["mouth_", "mouth"],
  ["upper_lip", "mouth"],
  ["lower_lip", "mouth"],
  ["chin", "chin"],
];

export interface Group {
  readonly name: GroupName;
  /** Indices of its regions. */
  readonly regions: readonly number[];
}

/** @throws RangeError if a region of the motion graph belongs to no group. */
export function groupsOf(regions: readonly string[]): Group[] {
  const groups = new Map<GroupName, number[]>();
  for (const [index, region] of regions.entries()) {
    const group = GROUP_OF.find(([prefix]) => region.startsWith(prefix))?.[1];
    if (group === undefined) throw new RangeError(`the motion graph's region '${region}' is unknown to the spotter`);
    groups.set(group, [...(groups.get(group) ?? []), index]);
  }
  return [...groups].map(([name, indices]) => ({ name, regions: indices }));
}

import type { Sensitivity } from "../contract/index.js";

/** Least evidence of an event at each sensitivity, in log odds; measured for one pair of spotter and HSTA. */
export type OperatingPoints = Readonly<Record<Sensitivity, number>>;

export function areOperatingPoints(value: unknown): value is OperatingPoints {
  if (typeof value !== "object" || value === null) return false;
  const { strict, balanced, sensitive, ...rest } = value as Record<string, unknown>;
  const points = [strict, balanced, sensitive];
  if (Object.keys(rest).length > 0 || !points.every((point) => Number.isFinite(point))) return false;
  return (strict as number) >= (balanced as number) && (balanced as number) >= (sensitive as number);
}

/** The evidence that is asked for: the expert's own number where there is one, else what the sensitivity means. */
export const leastEvidence = (
  points: OperatingPoints,
  { spotting, recognition }: { spotting: { sensitivity: Sensitivity }; recognition: { minEvidence: number | null } },
): number => recognition.minEvidence ?? points[spotting.sensitivity];

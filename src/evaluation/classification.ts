/** UF1 and UAR over classes that occur in the truth, each counting the same (See et al., MEGC 2019). */
export interface ClassScores {
  readonly uf1: number;
  readonly uar: number;
  readonly count: number;
}

/** @param pairs what was true and what was said, one pair a sample. NaN scores of no sample. */
export function classScores(pairs: readonly (readonly [truth: string, found: string])[]): ClassScores {
  const classes = [...new Set(pairs.map(([truth]) => truth))];
  const scores = classes.map((name) => {
    const right = pairs.filter(([truth, found]) => truth === name && found === name).length;
    const true_ = pairs.filter(([truth]) => truth === name).length;
    const foundAs = pairs.filter(([, found]) => found === name).length;
    return { f1: (2 * right) / (true_ + foundAs), recall: right / true_ };
  });
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  return { uf1: mean(scores.map(({ f1 }) => f1)), uar: mean(scores.map(({ recall }) => recall)), count: pairs.length };
}

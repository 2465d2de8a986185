import type { Probabilities, ValenceView } from "../contract/index.js";
import { likeliest } from "../lib/likeliest.js";

/** Valence of each label, as in the model's manifest entry; null carries none. */
export type Valences = Readonly<Record<string, string | null>>;

/** Sums the emotions by valence and leaves out what has none; all zero if nothing has. */
export function valenceOf(probabilities: Readonly<Record<string, number>>, valences: Valences): ValenceView {
  const view = { negative: 0, positive: 0, surprise: 0 };
  for (const [label, probability] of Object.entries(probabilities)) {
    const valence = valences[label];
    if (valence === "negative" || valence === "positive" || valence === "surprise") view[valence] += probability;
  }
  const sum = view.negative + view.positive + view.surprise;
  if (sum === 0) return view;
  return { negative: view.negative / sum, positive: view.positive / sum, surprise: view.surprise / sum };
}

/** The likeliest emotion: the class of the highest probability, "none" left out. */
export function likeliestEmotion({ none: _, ...emotions }: Probabilities): [label: string, probability: number] {
  return likeliest(emotions);
}

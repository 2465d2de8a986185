import type { Valence } from "../contract/index.js";

const VALENCE_OF: Readonly<Record<string, Valence>> = {
  disgust: "negative",
  fear: "negative",
  anger: "negative",
  sad: "negative",
  happy: "positive",
  surprise: "surprise",
};

/** Valence of an emotion by its name, as in MEGC 2019; undefined for "others" and whatever else has none. */
export const valenceOfEmotion = (emotion: string): Valence | undefined => VALENCE_OF[emotion];

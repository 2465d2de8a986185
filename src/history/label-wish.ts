import { decisions } from "../contract/index.js";
import { FlinchError } from "../lib/errors.js";
import { FREE_TEXT, FREE_TEXT_ALLOWED } from "../lib/free-text.js";
import type { LabelWish } from "./types.js";

/** Longest note and longest name of a reviewer, in UTF-16 code units. */
export const MAX_NOTE = 2000;
const MAX_REVIEWER = 64;

const refuse = (what: string): never => {
  throw new FlinchError("LABEL_INVALID", what);
};

/** @throws FlinchError LABEL_INVALID for a decision, a mark, a note or a reviewer that cannot be. */
export function checkWish({ reviewer, decision, onsetMs, apexMs, offsetMs, note = "" }: LabelWish): void {
  if (reviewer === "" || reviewer.length > MAX_REVIEWER || !FREE_TEXT.test(reviewer)) {
    refuse(`reviewer ${JSON.stringify(reviewer)}: give ${FREE_TEXT_ALLOWED}, of 1 to ${MAX_REVIEWER} characters`);
  }
  if (decision !== "withdrawn" && !decisions.includes(decision)) {
    refuse(`decision ${JSON.stringify(decision)} is none of ${decisions.join(", ")}, withdrawn`);
  }
  checkNote(note);
  const marks = Object.entries({ onsetMs, apexMs, offsetMs }).filter((mark) => mark[1] !== undefined);
  for (const [name, ms] of marks) {
    if (!Number.isFinite(ms) || Number(ms) < 0) refuse(`${name} ${ms}: give milliseconds from the start of the stream`);
  }
  const unordered = marks.some(([, ms], at) => Number(ms) < Number(marks[at - 1]?.[1] ?? 0));
  if (unordered) {
    const given = marks.map(([name, ms]) => `${name} ${ms}`).join(", ");
    refuse(`${given}: mark the onset no later than the apex, and the apex no later than the offset`);
  }
}

/** @throws FlinchError LABEL_INVALID for a note that is too long, or that no text can hold. */
export function checkNote(note: string): void {
  if (note.length > MAX_NOTE) {
    refuse(`the note has ${note.length} characters; shorten it to ${MAX_NOTE}`);
  }
  if (!note.split(/\r?\n|\t/u).every((line) => FREE_TEXT.test(line))) {
    refuse("the note holds control characters; write it as plain text");
  }
}

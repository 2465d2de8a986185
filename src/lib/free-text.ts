/**
 * What no text from outside may hold, as a class of a regular expression with the flag u: control characters, which a
 * terminal obeys and MQTT forbids; halves of characters, which are no Unicode; ends of lines; and what turns the
 * direction in which a line is read, so that it says something else than it shows (Unicode Technical Report 36).
 */
export const NEVER_IN_TEXT =
  "\\u0000-\\u001f\\u007f-\\u009f\\u061c\\u200e\\u200f\\u2028-\\u202e\\u2066-\\u2069\\ud800-\\udfff";

/** One line of anything that people write. */
export const FREE_TEXT = new RegExp(`^[^${NEVER_IN_TEXT}]*$`, "u");

/** The rule in words. */
export const FREE_TEXT_ALLOWED = "one line of text, without control characters";

/** A text from outside as a terminal can show it on one line: what free text may not hold becomes a question mark. */
export const shownText = (text: string): string => text.replaceAll(new RegExp(`[${NEVER_IN_TEXT}]`, "gu"), "?");

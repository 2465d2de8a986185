import { FREE_TEXT, FREE_TEXT_ALLOWED } from "../lib/free-text.js";
import { Key, type KeyDescription } from "./key.js";

function isFreeText(value: unknown): value is string {
  return typeof value === "string" && FREE_TEXT.test(value);
}

/** One line of text; `pattern` with its meaning in words narrows it. */
export function text(
  description: KeyDescription<string>,
  rule: { pattern: RegExp; allowed: string } = { pattern: FREE_TEXT, allowed: FREE_TEXT_ALLOWED },
): Key<string> {
  return new Key<string>(
    description,
    rule.allowed,
    (value): value is string => isFreeText(value) && rule.pattern.test(value),
    (written) => written,
    { type: "string", pattern: rule.pattern.source },
  );
}

/** Text that `accepts` judges where a pattern cannot. */
export function judgedText(
  description: KeyDescription<string>,
  allowed: string,
  accepts: (value: string) => boolean,
): Key<string> {
  return new Key<string>(
    description,
    allowed,
    (value): value is string => isFreeText(value) && accepts(value),
    (written) => written,
    { type: "string", pattern: FREE_TEXT.source },
  );
}

interface Range {
  readonly min: number;
  readonly max: number;
}

function numeric(description: KeyDescription<number>, range: Range, type: "number" | "integer"): Key<number> {
  const noun = type === "integer" ? "a whole number" : "a number";
  return new Key<number>(
    description,
    `${noun} from ${range.min} to ${range.max}`,
    (value): value is number =>
      typeof value === "number" &&
      (type === "integer" ? Number.isSafeInteger(value) : Number.isFinite(value)) &&
      value >= range.min &&
      value <= range.max,
    // Decimal notation only: Number("") is 0 and Number("0x10") is 16, which nobody means here.
    (written) => (/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(written) ? Number(written) : written),
    { type, minimum: range.min, maximum: range.max },
  );
}

/** A finite number within a closed range. */
export function number(description: KeyDescription<number>, range: Range): Key<number> {
  return numeric(description, range, "number");
}

/** A whole number within a closed range. */
export function integer(description: KeyDescription<number>, range: Range): Key<number> {
  return numeric(description, range, "integer");
}

/** A finite number within a closed range, or null: nothing is said here, and something else decides. */
export function numberOrNull(description: KeyDescription<number | null>, range: Range): Key<number | null> {
  const number = numeric({ ...description, default: range.min }, range, "number");
  return new Key<number | null>(
    description,
    `${number.allowed}, or null`,
    (value): value is number | null => value === null || number.accepts(value),
    (written) => (written === "null" ? null : number.parse(written)),
    { type: ["number", "null"], minimum: range.min, maximum: range.max },
  );
}

/** true or false. */
export function flag(description: KeyDescription<boolean>): Key<boolean> {
  const words = new Map([
    ["true", true],
    ["1", true],
    ["yes", true],
    ["false", false],
    ["0", false],
    ["no", false],
  ]);
  return new Key<boolean>(
    description,
    "true or false",
    (value): value is boolean => typeof value === "boolean",
    (written) => words.get(written.toLowerCase()) ?? written,
    { type: "boolean" },
  );
}

/** One of a few words or numbers. */
export function choice<const T extends string | number>(
  description: KeyDescription<NoInfer<T>>,
  values: readonly T[],
): Key<T> {
  return new Key<T>(
    description,
    `one of ${values.join(", ")}`,
    (value): value is T => values.some((candidate) => candidate === value),
    (written) => values.find((candidate) => String(candidate) === written) ?? written,
    { enum: [...values] },
  );
}

/** A list, possibly empty, of different names of one pattern; from text, separated by commas. */
export function names(
  description: KeyDescription<readonly string[]>,
  rule: { pattern: RegExp; allowed: string; max: number },
): Key<readonly string[]> {
  return new Key<readonly string[]>(
    description,
    `a list of at most ${rule.max} different names, each of ${rule.allowed}`,
    (value): value is readonly string[] =>
      Array.isArray(value) &&
      value.length <= rule.max &&
      new Set(value).size === value.length &&
      value.every((item) => typeof item === "string" && rule.pattern.test(item)),
    (written) =>
      written
        .split(",")
        .map((item) => item.trim())
        .filter((item) => item !== ""),
    {
      type: "array",
      items: { type: "string", pattern: rule.pattern.source },
      maxItems: rule.max,
      uniqueItems: true,
    },
  );
}

/** A list of one or more different words out of a few; from text, separated by commas. */
export function listOf<const T extends string>(
  description: KeyDescription<readonly NoInfer<T>[]>,
  values: readonly T[],
): Key<readonly T[]> {
  return new Key<readonly T[]>(
    description,
    `a list of one or more of ${values.join(", ")}, each once`,
    (value): value is readonly T[] =>
      Array.isArray(value) &&
      value.length > 0 &&
      new Set(value).size === value.length &&
      value.every((item) => values.some((candidate) => candidate === item)),
    (written) => written.split(",").map((item) => item.trim()),
    { type: "array", items: { enum: [...values] }, minItems: 1, uniqueItems: true },
  );
}

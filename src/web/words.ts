import type { Statement } from "../contract/index.js";
import type { Movement } from "../pipeline/index.js";

export const percent = (share: number): string => `${Math.round(100 * share)} %`;

/** "head_motion" as "head motion". */
export const words = (name: string): string => name.replaceAll("_", " ");

const WITHHELD: Readonly<Record<string, string>> = {
  blink: "a blink",
  gaze: "the eyes turned",
  head_motion: "the head moved",
  speech: "speech",
  too_strong: "too strong",
  not_returning: "did not return",
  too_short: "too short",
  too_long: "too long",
  none: "the model says none",
  little_evidence: "little evidence",
  low_confidence: "no class is sure",
  clip_lost: "its pictures were gone",
  no_session: "no session is open",
};

/** Why a movement raised no event, in a few words. */
export const withheld = (verdict: string): string => WITHHELD[verdict] ?? words(verdict);

/** What a movement's statement comes to: "surprise 81 %", "positive 70 %", "AU1 AU2", or that it moved. */
export function saidOf(statement: Partial<Statement> | undefined): string {
  if (statement === undefined) return "movement";
  if ("label" in statement && statement.label !== undefined && "confidence" in statement)
    return `${statement.label} ${percent(statement.confidence ?? 0)}`;
  if ("actionUnits" in statement && statement.actionUnits)
    return Object.entries(statement.actionUnits)
      .filter(([, share]) => share >= 0.5)
      .map(([unit]) => unit)
      .join(" ");
  return "movement";
}

export const titleOf = ({ verdict, statement }: Movement): string =>
  verdict === "event" ? saidOf(statement) : withheld(verdict);

const clock = new Intl.DateTimeFormat(undefined, {
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
  hour12: false,
});
const day = new Intl.DateTimeFormat(undefined, { dateStyle: "medium" });

export const timeOf = (ms: number): string => clock.format(ms);
export const dayOf = (ms: number): string => day.format(ms);

/** A moment of a recording: "2:05.040", "1:02:05.040". */
export function momentOf(ms: number): string {
  const whole = Math.max(0, Math.round(ms));
  const two = (value: number) => String(Math.floor(value)).padStart(2, "0");
  const [hours, minutes, rest] = [whole / 3_600_000, (whole / 60_000) % 60, (whole % 60_000) / 1000];
  const seconds = `${two(rest)}.${String(whole % 1000).padStart(3, "0")}`;
  return hours >= 1 ? `${Math.floor(hours)}:${two(minutes)}:${seconds}` : `${Math.floor(minutes)}:${seconds}`;
}

/** "1 h 02 min", "3 min 05 s", "4.2 s". */
export function lengthOf(seconds: number): string {
  if (seconds < 60) return `${seconds.toFixed(seconds < 10 ? 1 : 0)} s`;
  const minutes = Math.floor(seconds / 60);
  const two = (value: number) => String(Math.floor(value)).padStart(2, "0");
  return minutes < 60
    ? `${minutes} min ${two(seconds % 60)} s`
    : `${Math.floor(minutes / 60)} h ${two(minutes % 60)} min`;
}

export const plural = (count: number, one: string, many = `${one}s`): string => `${count} ${count === 1 ? one : many}`;

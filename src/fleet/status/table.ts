import { aligned } from "../../lib/align.js";
import { shownText } from "../../lib/free-text.js";
import type { RowDocument, StatusRow } from "./row.js";

const HEADING = [
  "device",
  "status",
  "flinch",
  "model",
  "config",
  "source",
  "outbox",
  "events",
  "last event",
  "°C",
  "state",
  "clock",
];
const NOTHING = "–";

/** A clock that is off by no more than this is told as right: that much a message may take. */
const RIGHT_S = 2;

/** A line a device under a heading, and below them each document that is not in force, with the reason. */
export function statusTable(rows: readonly StatusRow[]): string[] {
  const reasons = rows.flatMap(({ device, config }) =>
    config
      .filter(({ status }) => status === "refused" || status === "rolled_back")
      .map(({ of, version, status, reason }) => {
        return shownText(`${device}: ${of} version ${version ?? "?"} ${status.replace("_", " ")}: ${reason ?? ""}`);
      }),
  );
  return [...aligned([HEADING, ...rows.map(cellsOf)]), ...(reasons.length > 0 ? ["", ...reasons] : [])];
}

function cellsOf(row: StatusRow): string[] {
  const { outbox, hottestC, throttled, lastEventAt } = row;
  return [
    row.device,
    row.status ?? NOTHING,
    row.flinch ?? NOTHING,
    row.model ?? NOTHING,
    row.config.map(documentCell).join(" ") || NOTHING,
    sourceCell(row),
    outbox === null ? NOTHING : outbox.pending === 0 ? "0" : `${outbox.pending} (${lasting(outbox.oldestS)})`,
    `${row.events ?? NOTHING}`,
    lastEventAt === null ? NOTHING : lastEventAt.slice(11, 19),
    hottestC === null ? NOTHING : `${Math.round(hottestC)}${throttled ? " throttled" : ""}`,
    lasting(row.stateAgeS),
    clockCell(row.clockS),
  ].map(shownText);
}

function documentCell({ of, version, inForce, status }: RowDocument): string {
  const whose = of === "device" ? "" : `${of.replace("group/", "")}:`;
  if (status === "applied") return `${whose}${version}`;
  return `${whose}${inForce ?? NOTHING} (${version ?? "?"} ${status.replace("_", " ")})`;
}

function sourceCell({ source, pauses, fps }: StatusRow): string {
  if (source === "paused") return `paused: ${pauses.join(", ")}`;
  return source === "streaming" && fps !== null ? `streaming ${Math.round(fps)}/s` : (source ?? NOTHING);
}

function clockCell(seconds: number | null): string {
  if (seconds === null) return NOTHING;
  if (Math.abs(seconds) <= RIGHT_S) return "right";
  return `${lasting(Math.abs(seconds))} ${seconds > 0 ? "ahead" : "behind"}`;
}

/** A length of time in its largest unit. */
function lasting(seconds: number | null): string {
  if (seconds === null) return NOTHING;
  const units = [
    [86_400, "d"],
    [3600, "h"],
    [60, "min"],
  ] as const;
  const [size, name] = units.find(([size]) => seconds >= 2 * size) ?? [1, "s"];
  return `${Math.max(0, Math.round(seconds / size))} ${name}`;
}

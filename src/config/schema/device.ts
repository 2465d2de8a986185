import { hostname } from "node:os";
import { NEVER_IN_TEXT } from "../../lib/free-text.js";
import { flag, integer, names, number, text } from "../kinds.js";
import { remoteLive } from "./effects.js";

/** A name that may stand in a topic, made of the machine's: other characters become a dash. */
export function deviceIdOf(host: string): string {
  const name = host.replaceAll(/[^A-Za-z0-9._-]+/g, "-").replaceAll(/^-+|-+$/g, "");
  return name.slice(0, 64) || "flinch";
}

export const device = {
  id: text(
    {
      doc: "Name of this device in every topic and event. Two devices on one broker need two names.",
      default: deviceIdOf(hostname()),
      defaultText: "the host name",
    },
    {
      // Groups have their topics under that name.
      pattern: /^(?!_groups$)[A-Za-z0-9._-]{1,64}$/,
      allowed: "1 to 64 letters, digits, dots, dashes or underscores, and not _groups",
    },
  ),
  groups: names(
    {
      doc: "Groups whose remote configuration this device takes; later ones override earlier ones, the device's own overrides all. Local only.",
      default: [],
    },
    { pattern: /^[A-Za-z0-9._-]{1,64}$/, allowed: "1 to 64 letters, digits, dots, dashes or underscores", max: 16 },
  ),
  room: text(
    { doc: "Room that the camera watches, as written into events.", default: "", ...remoteLive },
    {
      pattern: new RegExp(`^[^${NEVER_IN_TEXT}]{0,200}$`, "u"),
      allowed: "one line of at most 200 characters, none of them a control character",
    },
  ),
};

export const privacy = {
  purpose: text({
    doc: "Why faces are analysed here, in the words told to the people filmed. A live camera is not opened without a purpose.",
    default: "",
  }),
  requireSession: flag({
    doc: "Capture frames and raise events only while a session is open; until then the source stays closed.",
    default: false,
  }),
  sessionMaxHours: number(
    { doc: "A session that has been open this long ends automatically.", default: 8, unit: "h" },
    { min: 0.001, max: 168 },
  ),
  retentionDays: integer(
    { doc: "How long anything that Flinch stores about people is kept; 0 forever.", default: 30, unit: "days" },
    { min: 0, max: 3650 },
  ),
};

import { clipContents } from "../../contract/index.js";
import { choice, flag, integer, text } from "../kinds.js";

/** Set on the device alone: nobody switches pictures on, or the deletion of them off, from elsewhere. */
export const evidence = {
  enabled: flag({
    doc: "Keep a short encrypted video of every event, for reviewers at the console (docs/evidence.md). Off, the daemon writes no picture. Needs evidence.purpose, evidence.retentionDays, evidence.keyFile, the console and ffmpeg.",
    default: false,
  }),
  purpose: text({
    doc: "What the clips are for, in the words told to the people filmed; `info` publishes it.",
    default: "",
  }),
  what: choice(
    {
      doc: "What a clip shows: `crop`, the aligned face that HSTA sees; `frame`, the picture around the face, half as large again as the crop.",
      default: "crop",
    },
    clipContents,
  ),
  retentionDays: integer(
    {
      doc: "How many days a clip is kept; must be above 0. A clip also goes with its event (privacy.retentionDays).",
      default: 0,
      unit: "days",
    },
    { min: 0, max: 3650 },
  ),
  maxMb: integer(
    {
      doc: "Most disk space for clips, in state.directory; beyond that the oldest go first.",
      default: 1024,
      unit: "MB",
    },
    { min: 1, max: 1_000_000 },
  ),
  keyFile: text({
    doc: "age identity that clips are encrypted to and decrypted with, as `flinch evidence key` writes it: mode 0600, and not in outbox.directory or state.directory.",
    default: "",
    path: "file",
  }),
  encoder: choice(
    {
      doc: "ffmpeg's H.264 encoder: `auto` takes the first of the board's own and x264 that works.",
      default: "auto",
    },
    ["auto", "x264", "openh264", "v4l2m2m", "nvmpi"],
  ),
  role: choice({ doc: "The role that it takes to see a clip in the console.", default: "review" }, [
    "review",
    "operate",
  ]),
};

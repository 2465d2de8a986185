import { FlinchError } from "../lib/errors.js";
import { isLoopback, parseListenAddress } from "../lib/listen-address.js";
import type { Config } from "./schema/index.js";

type Rule = readonly [holds: (config: Config) => boolean, problem: (config: Config) => string];

/** What is missing for clips to be kept; nothing where none are. */
function evidenceLacks({ evidence: { enabled, purpose, retentionDays, keyFile } }: Config): string[] {
  if (!enabled) return [];
  const lacks = [
    purpose.trim() === "" && "evidence.purpose (what the clips are for)",
    retentionDays === 0 && "evidence.retentionDays above 0 (how many days they are kept)",
    keyFile === "" && "evidence.keyFile (make one with: flinch evidence key FILE)",
  ];
  return lacks.filter((lack) => lack !== false);
}

const rules: readonly Rule[] = [
  [
    ({ spotting }) => spotting.minMs < spotting.maxMs,
    ({ spotting }) => `spotting.minMs (${spotting.minMs}) must be less than spotting.maxMs (${spotting.maxMs})`,
  ],
  [
    ({ clip, spotting }) => clip.seconds * 1000 >= spotting.maxMs,
    ({ clip, spotting }) =>
      `clip.seconds (${clip.seconds}) must hold the longest expression, spotting.maxMs (${spotting.maxMs} ms)`,
  ],
  [
    ({ source }) => source.reconnectMinMs <= source.reconnectMaxMs,
    ({ source }) =>
      `source.reconnectMinMs (${source.reconnectMinMs}) must not exceed source.reconnectMaxMs (${source.reconnectMaxMs})`,
  ],
  [
    ({ board }) => board.hotMarginC < board.coolMarginC,
    ({ board }) => `board.hotMarginC (${board.hotMarginC}) must be less than board.coolMarginC (${board.coolMarginC})`,
  ],
  [
    ({ mqtt }) => mqtt.reconnectMinMs <= mqtt.reconnectMaxMs,
    ({ mqtt }) =>
      `mqtt.reconnectMinMs (${mqtt.reconnectMinMs}) must not exceed mqtt.reconnectMaxMs (${mqtt.reconnectMaxMs})`,
  ],
  [
    ({ mqtt }) => mqtt.passwordFile === "" || mqtt.username !== "",
    () => "mqtt.passwordFile needs mqtt.username beside it",
  ],
  [
    ({ mqtt }) => (mqtt.tls.certFile === "") === (mqtt.tls.keyFile === ""),
    () => "mqtt.tls.certFile and mqtt.tls.keyFile go together: set both or neither",
  ],
  [
    ({ console }) => (console.tls.certFile === "") === (console.tls.keyFile === ""),
    () => "console.tls.certFile and console.tls.keyFile go together: set both or neither",
  ],
  [
    ({ console: { listen, tls, usersFile } }) =>
      listen === "" || isLoopback(parseListenAddress(listen)?.host ?? "") || (tls.certFile !== "" && usersFile !== ""),
    ({ console: { listen } }) =>
      `console.listen ${listen} is open to other machines, so it needs console.tls.certFile, console.tls.keyFile and console.usersFile; or listen on 127.0.0.1 and come through an SSH tunnel`,
  ],
  [
    (config) => evidenceLacks(config).length === 0,
    (config) =>
      `evidence.enabled keeps video of faces, so it needs ${evidenceLacks(config).join(", ")} (docs/evidence.md); or set it to false`,
  ],
  [
    ({ schedule }) => (schedule.recording.start === "") === (schedule.recording.stop === ""),
    () => "schedule.recording.start and schedule.recording.stop go together: set both or neither",
  ],
  [
    ({ schedule: { recording } }) => recording.start === "" || recording.start !== recording.stop,
    ({ schedule: { recording } }) =>
      `schedule.recording.start and schedule.recording.stop are both '${recording.start}': no time lies between them`,
  ],
];

/**
 * Checks what no key can know alone.
 * @throws FlinchError CONFIG_INVALID with every broken rule in one line
 */
export function checkTogether(config: Config): void {
  const problems = rules.filter(([holds]) => !holds(config)).map(([, problem]) => problem(config));
  if (problems.length > 0) throw new FlinchError("CONFIG_INVALID", problems.join("; "));
}

const examples: Readonly<Record<string, string>> = {
  v4l2: "/dev/video0",
  rtsp: "rtsp://camera.local/stream",
  http: "http://camera.local/video.mjpg",
  file: "interview.mp4",
};

/**
 * Checks that the configuration says what to film; needed by what opens a source, and by nothing else.
 * @throws FlinchError CONFIG_INVALID naming the missing key with an example
 */
export function requireSource({ source }: Config): void {
  const example = examples[source.kind];
  if (example !== undefined && source.uri === "") {
    throw new FlinchError(
      "CONFIG_INVALID",
      `source.uri is empty, and source.kind ${source.kind} needs one: for example --source.uri=${example}`,
    );
  }
  if (source.kind === "gstreamer" && source.pipeline === "") {
    throw new FlinchError(
      "CONFIG_INVALID",
      'source.pipeline is empty, and source.kind gstreamer needs one: for example "videotestsrc ! videoconvert ! video/x-raw,format=BGR ! appsink"',
    );
  }
}

/**
 * A camera is opened only with a declared purpose; a file was recorded under one already.
 * @throws FlinchError PURPOSE_MISSING
 */
export function requirePurpose({ source, privacy }: Config): void {
  if (source.kind === "file" || privacy.purpose.trim() !== "") return;
  throw new FlinchError(
    "PURPOSE_MISSING",
    "privacy.purpose is empty: a camera is opened only with a declared purpose, which `info` publishes; set it in the local configuration",
  );
}

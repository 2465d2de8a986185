import { redactAddress } from "../../lib/redact.js";
import { choice, integer, judgedText, text } from "../kinds.js";
import { remoteLive } from "./effects.js";

const hour = 3_600_000;

/** True for the URL of a broker without credentials: those have keys of their own, which are never printed. */
function isBrokerUrl(url: string): boolean {
  if (url === "") return true;
  if (!/^(mqtts?|wss?):\/\//.test(url) || !URL.canParse(url)) return false;
  const { hostname, username, password } = new URL(url);
  return hostname !== "" && username === "" && password === "";
}

export const mqtt = {
  url: judgedText(
    {
      doc: "The broker, for example mqtt://broker.local:1883 or mqtts://…; empty starts the built-in one, on loopback only.",
      default: "",
      redact: redactAddress,
    },
    "mqtt://, mqtts://, ws:// or wss:// with a host, or empty; credentials belong in mqtt.username and mqtt.passwordFile",
    isBrokerUrl,
  ),
  username: text({
    doc: "User name at the broker, equal to device.id for the permissions in config/mosquitto; empty for none. The built-in broker admits only this user, or everyone on this machine if it is empty.",
    default: "",
  }),
  passwordFile: text({
    doc: "File with the password, alone on its first line. This and the files of mqtt.tls may be systemd credentials: $CREDENTIALS_DIRECTORY/<name>.",
    default: "",
    path: "file",
  }),
  clientId: text({ doc: "MQTT client identifier; empty for flinch-<device.id>. Unique on the broker.", default: "" }),
  protocolVersion: choice(
    { doc: "5 for MQTT 5, 4 for MQTT 3.1.1. If the broker does not support 5, Flinch retries with 4.", default: 5 },
    [5, 4],
  ),
  keepaliveS: integer(
    { doc: "A silent connection is probed after this time.", default: 30, unit: "s" },
    { min: 1, max: 65_535 },
  ),
  topicPrefix: text(
    { doc: "First part of every topic.", default: "flinch" },
    {
      pattern: /^[^/+#$\s\0][^+#\s\0]*(?<!\/)$/,
      allowed: "topic levels without +, #, blanks, a leading $ or a / at either end",
    },
  ),
  discoveryPrefix: text(
    {
      doc: "Where Home Assistant looks for devices, usually homeassistant; empty announces nothing.",
      default: "",
    },
    {
      pattern: /^(?![/$])[^+#\s\0]*(?<!\/)$/,
      allowed: "empty, or topic levels without +, #, blanks, a leading $ or a / at either end",
    },
  ),
  tls: {
    caFile: text({
      doc: "Certificates (PEM) against which the broker's is checked; empty for the well-known ones.",
      default: "",
      path: "file",
    }),
    certFile: text({
      doc: "This device's certificate (PEM), if the broker asks for one.",
      default: "",
      path: "file",
    }),
    keyFile: text({ doc: "Private key (PEM) of mqtt.tls.certFile.", default: "", path: "file" }),
  },
  connectTimeoutMs: integer(
    { doc: "How long the broker may take to accept a connection.", default: 10_000, unit: "ms" },
    { min: 100, max: hour },
  ),
  reconnectMinMs: integer(
    {
      doc: "Wait before the first attempt to reach a lost broker; doubles with every further attempt.",
      default: 500,
      unit: "ms",
    },
    { min: 10, max: hour },
  ),
  reconnectMaxMs: integer(
    { doc: "Longest wait between attempts to reach the broker.", default: 30_000, unit: "ms" },
    { min: 10, max: hour },
  ),
  maxPayloadBytes: integer(
    {
      doc: "Longest payload accepted from the broker; anything longer is refused unread.",
      default: 65_536,
      unit: "bytes",
    },
    { min: 1024, max: 16_777_216 },
  ),
  embeddedPort: integer(
    { doc: "Loopback port of the built-in broker; 0 for any free one.", default: 1883 },
    { min: 0, max: 65_535 },
  ),
};

export const outbox = {
  directory: text({
    doc: "Where events wait for the broker, in an SQLite database; must be on a disk that survives a power cut.",
    default: "var/outbox",
    path: "directory",
  }),
  maxEvents: integer(
    {
      doc: "Most waiting events; beyond that the oldest is dropped and counted.",
      default: 100_000,
      unit: "events",
    },
    { min: 1, max: 10_000_000 },
  ),
  maxMb: integer(
    {
      doc: "Most disk space for waiting events; beyond that the oldest are dropped and counted.",
      default: 256,
      unit: "MB",
    },
    { min: 1, max: 1_000_000 },
  ),
  drainPerSecond: integer(
    {
      doc: "Most events published per second, so that the backlog of a long outage does not flood subscribers.",
      default: 50,
      unit: "events",
      ...remoteLive,
    },
    { min: 1, max: 100_000 },
  ),
  maxAgeDays: integer(
    { doc: "An event that has waited this long is dropped and counted; 0 keeps it.", default: 30, unit: "days" },
    { min: 0, max: 3650 },
  ),
};

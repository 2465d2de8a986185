import { flag, integer, text } from "../kinds.js";

export const state = {
  directory: text({
    doc: "Where Flinch keeps everything but events that must survive a restart: the remote configuration in force, the open session, the day's counts.",
    default: "var/state",
    path: "directory",
  }),
};

export const remote = {
  enabled: flag({
    doc: "Accept configuration over MQTT, for the keys marked remote only. With false none is accepted, and any accepted before is not in force.",
    default: true,
  }),
  publicKeyFile: text({
    doc: "Ed25519 public key (PEM). If set, a document without a valid signature is refused.",
    default: "",
    path: "file",
  }),
  healthyWithinS: integer(
    {
      doc: "How long a change is on probation: without a frame by then, or after a failure or crash before then, the last known good configuration is restored.",
      default: 60,
      unit: "s",
    },
    { min: 1, max: 3600 },
  ),
};

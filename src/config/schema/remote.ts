import { flag, integer, text } from "../kinds.js";

export const state = {
  directory: text({
    doc: "Where Flinch keeps what must survive a restart and is no event: the remote configuration in force, the open session, counts of the day.",
    default: "var/state",
    path: "directory",
  }),
};

export const remote = {
  enabled: flag({
    doc: "Take configuration over MQTT, of the keys marked remote and of no other. With false none is taken, and none taken before is in force.",
    default: true,
  }),
  publicKeyFile: text({
    doc: "Ed25519 public key (PEM). With it a document without a valid signature is refused.",
    default: "",
    path: "file",
  }),
  healthyWithinS: integer(
    {
      doc: "How long a change is on probation: without a frame by then, or after a failure or crash before then, the last known good configuration comes back.",
      default: 60,
      unit: "s",
    },
    { min: 1, max: 3600 },
  ),
};

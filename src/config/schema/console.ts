import { LISTEN_ALLOWED, parseListenAddress } from "../../lib/listen-address.js";
import { choice, integer, judgedText, text } from "../kinds.js";

export const webConsole = {
  listen: judgedText(
    {
      doc: "Where the web console listens, for example 127.0.0.1:8321; empty for no console. Beyond loopback it needs console.tls and console.usersFile.",
      default: "",
    },
    LISTEN_ALLOWED,
    (address) => address === "" || parseListenAddress(address) !== undefined,
  ),
  usersFile: text({
    doc: "Who may log in to the console, with what role: a file that `flinch console user` writes. Empty lets everyone on this machine in.",
    default: "",
    path: "file",
  }),
  tls: {
    certFile: text({ doc: "The console's certificate (PEM).", default: "", path: "file" }),
    keyFile: text({ doc: "Private key (PEM) of console.tls.certFile.", default: "", path: "file" }),
  },
  face: choice(
    {
      doc: "What the console shows of a face beside its motion: nothing, or the outline of its landmarks as a line drawing. Never a picture.",
      default: "none",
    },
    ["none", "outline"],
  ),
  maxClients: integer(
    { doc: "Most browser tabs that follow the live view at once.", default: 128, unit: "tabs" },
    { min: 1, max: 10_000 },
  ),
  historyMaxMb: integer(
    {
      doc: "Most disk space for what the console keeps for review, in outbox.directory; beyond that the oldest movements without a label go first.",
      default: 1024,
      unit: "MB",
    },
    { min: 16, max: 1_000_000 },
  ),
};

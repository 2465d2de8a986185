import { LISTEN_ALLOWED, parseListenAddress } from "../../lib/listen-address.js";
import { judgedText } from "../kinds.js";

export const metrics = {
  listen: judgedText(
    {
      doc: "Where Prometheus finds the metrics, without a password: 127.0.0.1:9321, or 0.0.0.0:9321 for other machines; port 0 is any free one, empty is off.",
      default: "",
    },
    LISTEN_ALLOWED,
    (text) => text === "" || parseListenAddress(text) !== undefined,
  ),
};

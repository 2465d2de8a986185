import { ErrorWithReasonCode } from "mqtt";
import { reasonOf } from "../lib/errors.js";
import { ClosedUnanswered } from "./closed.js";

/** Codes of CONNACK, of MQTT 3.1.1 (below 128) and MQTT 5, that a person can do something about. */
const advice = new Map<number, string>([
  [2, "the broker rejects the client identifier; set another mqtt.clientId"],
  [4, "the broker refuses the user name or password; check mqtt.username and mqtt.passwordFile"],
  [5, "the broker does not let this user in; check mqtt.username, mqtt.passwordFile and the broker's permissions"],
  [133, "the broker rejects the client identifier; set another mqtt.clientId"],
  [134, "the broker refuses the user name or password; check mqtt.username and mqtt.passwordFile"],
  [135, "the broker does not let this user in; check mqtt.username, mqtt.passwordFile and the broker's permissions"],
]);

const OLD_TLS =
  "the broker's TLS is older than TLS 1.2, or wants a newer one than this device has; bring it up to date";

const systemAdvice = new Map<string, string>([
  ["ECONNREFUSED", "nothing listens there; is the broker running, and mqtt.url right?"],
  ["ENOTFOUND", "the host name is unknown; check mqtt.url and the network"],
  ["EAI_AGAIN", "the host name cannot be looked up; check the network"],
  ["EHOSTUNREACH", "the host cannot be reached; check the network"],
  ["ENETUNREACH", "there is no network"],
  ["SELF_SIGNED_CERT_IN_CHAIN", "the broker's certificate is not trusted; set mqtt.tls.caFile"],
  ["DEPTH_ZERO_SELF_SIGNED_CERT", "the broker's certificate is not trusted; set mqtt.tls.caFile"],
  ["UNABLE_TO_VERIFY_LEAF_SIGNATURE", "the broker's certificate is not trusted; set mqtt.tls.caFile"],
  ["UNABLE_TO_GET_ISSUER_CERT_LOCALLY", "the broker's certificate is not trusted; set mqtt.tls.caFile"],
  ["CERT_HAS_EXPIRED", "the broker's certificate has expired; is this device's clock right?"],
  ["CERT_NOT_YET_VALID", "the broker's certificate is not valid yet; is this device's clock right?"],
  [
    "ERR_TLS_CERT_ALTNAME_INVALID",
    "the broker's certificate is for another name; mqtt.url must name the broker as its certificate does",
  ],
  ["ERR_SSL_WRONG_VERSION_NUMBER", "that port does not speak TLS; set mqtt.url with mqtt://, or the port that does"],
  [
    "ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED",
    "the broker asks for a certificate; set mqtt.tls.certFile and mqtt.tls.keyFile",
  ],
  ["ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE", "the broker refuses TLS as it is; does it ask for mqtt.tls.certFile?"],
  ["ERR_SSL_TLSV1_ALERT_UNKNOWN_CA", "the broker does not trust mqtt.tls.certFile; its authority must be the broker's"],
  ["ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE", "the broker refuses mqtt.tls.certFile"],
  ["ERR_SSL_SSLV3_ALERT_CERTIFICATE_EXPIRED", "mqtt.tls.certFile has expired; renew it"],
  ["ERR_SSL_SSLV3_ALERT_CERTIFICATE_REVOKED", "the broker says that mqtt.tls.certFile is revoked; have another issued"],
  ["ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION", OLD_TLS],
  ["ERR_SSL_UNSUPPORTED_PROTOCOL", OLD_TLS],
  ["ERR_OSSL_X509_KEY_VALUES_MISMATCH", "mqtt.tls.keyFile is not the key of mqtt.tls.certFile"],
  ["ERR_OSSL_PEM_NO_START_LINE", "one of mqtt.tls.caFile, certFile and keyFile is no PEM file"],
]);

const eitherWay = "a port that speaks TLS wants mqtts:// in mqtt.url, one that does not wants mqtt://";

/** What a takeover of the connection means, in one line. */
export function takenOver(clientId: string, waitMs: number): string {
  const wait = `waiting ${Math.ceil(waitMs / 1000)} s`;
  return `another client with the identifier ${clientId} takes the connection, as a rule a second device with this device.id; give each its own (device.id, mqtt.clientId); ${wait}`;
}

/** The reason code of a refusal, or undefined where it was none. */
export function reasonCodeOf(thrown: unknown): number | undefined {
  return thrown instanceof ErrorWithReasonCode ? thrown.code : undefined;
}

/** True when the broker does not speak the version of MQTT that it was asked in. */
export function isVersionRefusal(thrown: unknown): boolean {
  const code = reasonCodeOf(thrown);
  return code === 1 || code === 132;
}

/** OpenSSL's own words for what is wrong, out of the line in which Node wraps them; undefined where there are none. */
function opensslReason(message: string): string | undefined {
  return /:SSL routines:[^:]*:([^:]+):/.exec(message)?.[1];
}

function systemCodeOf(thrown: unknown): string {
  if (!(thrown instanceof Error && "code" in thrown && typeof thrown.code === "string")) return "";
  // What fails within a write has the write's code, and OpenSSL's in its text alone.
  const reason = thrown.code === "EPROTO" ? opensslReason(thrown.message) : undefined;
  return reason === undefined ? thrown.code : `ERR_SSL_${reason.replaceAll(" ", "_").toUpperCase()}`;
}

// Node tries every address of a name and throws all failures together; the first is as good as any.
const causeOf = (thrown: unknown): unknown => (thrown instanceof AggregateError ? thrown.errors[0] : thrown);

/** What went wrong with a connection and what to do about it, in one line. */
export function explain(thrown: unknown): string {
  const code = reasonCodeOf(thrown);
  if (code !== undefined) return advice.get(code) ?? reasonOf(thrown);
  const cause = causeOf(thrown);
  const known = systemAdvice.get(systemCodeOf(cause));
  if (known !== undefined) return known;
  const text = reasonOf(cause) || "the connection was closed";
  const reason = opensslReason(text);
  return reason === undefined ? text : `TLS failed: ${reason}`;
}

/** The same of a connection that never was. */
export function explainNone(thrown: unknown): string {
  const reset = systemCodeOf(causeOf(thrown)) === "ECONNRESET" || thrown instanceof ClosedUnanswered;
  return reset ? `${explain(thrown)}; ${eitherWay}` : explain(thrown);
}

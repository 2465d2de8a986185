import { ErrorWithReasonCode } from "mqtt";
import { reasonOf } from "../errors.js";
import { ClosedUnanswered } from "./session.js";

/** Codes of CONNACK, of MQTT 3.1.1 (below 128) and MQTT 5, that a person can do something about. */
const advice = new Map<number, string>([
  [2, "the broker rejects the client identifier; set another mqtt.clientId"],
  [4, "the broker refuses the user name or password; check mqtt.username and mqtt.passwordFile"],
  [5, "the broker does not let this user in; check mqtt.username, mqtt.passwordFile and the broker's permissions"],
  [133, "the broker rejects the client identifier; set another mqtt.clientId"],
  [134, "the broker refuses the user name or password; check mqtt.username and mqtt.passwordFile"],
  [135, "the broker does not let this user in; check mqtt.username, mqtt.passwordFile and the broker's permissions"],
  [142, "another client took over the connection; every client of a broker needs its own mqtt.clientId (device.id)"],
]);

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
  ["ERR_OSSL_X509_KEY_VALUES_MISMATCH", "mqtt.tls.keyFile is not the key of mqtt.tls.certFile"],
  ["ERR_OSSL_PEM_NO_START_LINE", "one of mqtt.tls.caFile, certFile and keyFile is no PEM file"],
]);

const eitherWay = "a port that speaks TLS wants mqtts:// in mqtt.url, one that does not wants mqtt://";

/** The reason code of a refusal, or undefined where it was none. */
export function reasonCodeOf(thrown: unknown): number | undefined {
  return thrown instanceof ErrorWithReasonCode ? thrown.code : undefined;
}

/** True when the broker does not speak the version of MQTT that it was asked in. */
export function isVersionRefusal(thrown: unknown): boolean {
  const code = reasonCodeOf(thrown);
  return code === 1 || code === 132;
}

function systemCodeOf(thrown: unknown): string {
  return thrown instanceof Error && "code" in thrown && typeof thrown.code === "string" ? thrown.code : "";
}

// Node tries every address of a name and throws all failures together; the first is as good as any.
const causeOf = (thrown: unknown): unknown => (thrown instanceof AggregateError ? thrown.errors[0] : thrown);

/** What went wrong with a connection and what to do about it, in one line. */
export function explain(thrown: unknown): string {
  const code = reasonCodeOf(thrown);
  if (code !== undefined) return advice.get(code) ?? reasonOf(thrown);
  const cause = causeOf(thrown);
  return systemAdvice.get(systemCodeOf(cause)) ?? (reasonOf(cause) || "the connection was closed");
}

/** The same of a connection that never was. */
export function explainNone(thrown: unknown): string {
  const reset = systemCodeOf(causeOf(thrown)) === "ECONNRESET" || thrown instanceof ClosedUnanswered;
  return reset ? `${explain(thrown)}; ${eitherWay}` : explain(thrown);
}

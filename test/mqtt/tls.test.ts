import { spawn } from "node:child_process";
import t from "tap";
import { MqttLink } from "../../src/mqtt/index.js";
import type { LinkOptions, Secrets } from "../../src/mqtt/link-options.js";
import { Authority, type Pair } from "../support/certificates.js";
import { freePort } from "../support/free-port.js";
import { linkOptions } from "../support/link.js";
import { Logs, until } from "../support/logs.js";
import { Mosquitto } from "../support/mosquitto.js";
import { shippedBroker } from "../support/shipped-broker.js";

const password = { device: "room-1", username: "room-1", password: "secret of room-1" };

const pem = ({ cert, key }: Pair) => ({ cert: Buffer.from(cert), key: Buffer.from(key) });

/** Connects until the log says what it should; true when it does, else the log. */
async function says(expected: RegExp, url: string, options: Partial<LinkOptions & Secrets>): Promise<true | string[]> {
  const logger = new Logs();
  const link = new MqttLink(linkOptions(url, { ...password, ...options }), logger);
  link.start();
  // A broker may hang up before its reason has arrived: the next attempt brings it.
  const said = await until(() => logger.count(expected) > 0).then(
    () => true as const,
    () => logger.lines,
  );
  await link.stop();
  return said;
}

const shipped = await shippedBroker(t, ["room-1"]);
const ca = Buffer.from(shipped.authority.cert);

t.test("with the right authority and name there is a connection", async (t) => {
  t.equal(await says(/^info connected to the broker mqtts:/, shipped.url, { tls: { ca } }), true);
});

t.test("a broker that is not the one meant is refused, and the log says what to do", async (t) => {
  const other = new Authority(t, "other");
  const cases: readonly [what: string, url: string, tls: Secrets["tls"], expected: RegExp][] = [
    [
      "another name",
      shipped.url.replace("localhost", "127.0.0.1"),
      { ca },
      /^warn no connection .* another name.*mqtt\.url.*; trying again$/,
    ],
    ["an unknown authority", shipped.url, { ca: Buffer.from(other.cert) }, /not trusted.*mqtt\.tls\.caFile/],
    ["no authority of its own", shipped.url, {}, /not trusted.*mqtt\.tls\.caFile/],
    ["no TLS asked for", shipped.url.replace("mqtts", "mqtt"), {}, /^warn .*TLS.*mqtts:/],
  ];
  for (const [what, url, tls, expected] of cases) {
    t.equal(await says(expected, url, { tls }), true, what);
  }
});

t.test("an expired certificate is refused, and a broker without TLS is told apart from one", async (t) => {
  const { cert, key } = shipped.authority.broker(-1);
  const files = { "server.pem": cert, "server.key": key };
  const settings = ["allow_anonymous true", "certfile DIR/server.pem", "keyfile DIR/server.key"];
  const expired = await Mosquitto.start(settings, files);
  t.teardown(() => expired.stop());
  t.equal(await says(/^warn .* has expired; .*clock/, `mqtts://localhost:${expired.port}`, { tls: { ca } }), true);
  const plain = await Mosquitto.start();
  t.teardown(() => plain.stop());
  t.equal(await says(/^warn .*TLS.*mqtt:\/\//, `mqtts://localhost:${plain.port}`, { tls: { ca } }), true);
});

t.test("a broker of TLS 1.1 is told apart", async (t) => {
  const { cert, key } = shipped.authority.broker();
  const directory = t.testdir({ "server.pem": cert, "server.key": key });
  const port = await freePort();
  // Debian's OpenSSL speaks TLS 1.1 at security level 0 alone.
  const old = ["s_server", "-tls1_1", "-cipher", "DEFAULT@SECLEVEL=0", "-accept", `${port}`, "-quiet"];
  const files = ["-cert", `${directory}/server.pem`, "-key", `${directory}/server.key`];
  const server = spawn("openssl", [...old, ...files], { stdio: ["pipe", "ignore", "ignore"] });
  t.teardown(() => server.kill("SIGKILL"));
  t.equal(await says(/^warn .*older than TLS 1\.2/, `mqtts://localhost:${port}`, { tls: { ca } }), true);
});

t.test("a broker that asks for a certificate takes one of its authority, and no other", async (t) => {
  const uncomment = (conf: string) => conf.replace(/^#(cafile|require_certificate|use_identity_as_username)/gm, "$1");
  const { authority, url } = await shippedBroker(t, ["room-1"], uncomment);
  const trusted = { ca: Buffer.from(authority.cert) };
  const nameless = { username: undefined, password: undefined };
  const mine = authority.client("room-1");
  t.equal(await says(/^info connected/, url, { ...nameless, tls: { ...trusted, ...pem(mine) } }), true);

  const asks = /^warn .*mqtt\.tls\.certFile/;
  t.equal(await says(asks, url, { tls: trusted }), true, "a password does not do");
  const stranger = new Authority(t, "stranger").client("room-1");
  t.equal(await says(asks, url, { tls: { ...trusted, ...pem(stranger) } }), true, "another authority's");
  const mixed = { ...pem(mine), key: Buffer.from(authority.client("room-1").key) };
  t.equal(await says(/^warn .*mqtt\.tls\.keyFile/, url, { tls: { ...trusted, ...mixed } }), true, "not a pair");
});

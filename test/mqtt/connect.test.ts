import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { rmSync, writeFileSync } from "node:fs";
import { createServer, type Socket } from "node:net";
import { join } from "node:path";
import t, { type Test as Tap } from "tap";
import { loadConfig } from "../../src/config/index.js";
import { linkOptionsOf, MqttLink, startEmbeddedBroker } from "../../src/mqtt/index.js";
import { linkOptions } from "../support/link.js";
import { Logs, until } from "../support/logs.js";
import { Mosquitto } from "../support/mosquitto.js";

for (const protocolVersion of [5, 4] as const) {
  t.test(`refused credentials are said once and tried again, in MQTT version ${protocolVersion}`, async (t) => {
    const directory = t.testdir({ users: "" });
    const users = join(directory, "users");
    execFileSync("mosquitto_passwd", ["-b", users, "flinch", "right"], { stdio: "ignore" });
    const broker = await Mosquitto.start(["allow_anonymous false", `password_file ${users}`]);
    t.teardown(() => broker.stop());
    const logger = new Logs();
    const changes = { protocolVersion, username: "flinch" };
    const link = new MqttLink(linkOptions(broker.url, { ...changes, password: "wrong" }), logger);
    link.start();
    await until(() => logger.count(/^debug no connection/) >= 2);
    t.equal(logger.count(/^warn /), 1);
    t.match(logger.lines[0], /mqtt.username.*mqtt.passwordFile.*trying again/);
    t.match(link.status(), { connected: false, lastError: /mqtt.username/ });
    await link.stop();

    const allowed = new MqttLink(linkOptions(broker.url, { ...changes, password: "right" }), logger);
    allowed.start();
    await until(() => allowed.status().connected);
    await allowed.stop();
  });
}

t.test("a broker that is not there is said once, and found when it comes", async (t) => {
  const broker = await Mosquitto.start();
  t.teardown(() => broker.stop());
  await broker.kill();
  const logger = new Logs();
  const link = new MqttLink(linkOptions(broker.url), logger);
  t.teardown(() => link.stop());
  link.start();
  await until(() => logger.count(/^debug no connection/) >= 2);
  t.equal(logger.count(/^warn no connection to the broker .*nothing listens there/), 1);
  await broker.run();
  await until(() => link.status().connected);
  t.equal(link.status().lastError, undefined);
});

t.test("a broker of MQTT 3.1.1 only is spoken to in 3.1.1", async (t) => {
  const broker = await startEmbeddedBroker(0);
  t.teardown(() => broker.stop());
  const logger = new Logs();
  const link = new MqttLink(linkOptions(broker.url, { protocolVersion: 5 }), logger);
  link.start();
  await until(() => link.status().connected);
  t.equal(link.status().protocol, "3.1.1");
  t.equal(logger.count(/^warn/), 0);
  await link.stop();
});

/** A server on loopback that does `answer` with the first packet of every connection, the CONNECT. */
async function fakeBroker(t: Tap, answer: (socket: Socket, packet: Buffer) => void): Promise<string> {
  const server = createServer((socket) => {
    socket.once("error", () => undefined).once("data", (packet) => answer(socket, packet));
  }).listen(0, "127.0.0.1");
  t.teardown(() => server.close());
  await once(server, "listening");
  const address = server.address();
  if (typeof address !== "object" || address === null) throw new Error("no address");
  return `mqtt://127.0.0.1:${address.port}`;
}

t.test("a broker that hangs up on MQTT 5 is tried in 3.1.1 and in 5 in turn", async (t) => {
  const versions: (number | undefined)[] = [];
  const url = await fakeBroker(t, (socket, packet) => {
    // The version follows the protocol's name.
    versions.push(packet.at(packet.indexOf("MQTT") + 4));
    socket.destroy();
  });
  const logger = new Logs();
  const link = new MqttLink(linkOptions(url), logger);
  link.start();
  await until(() => versions.length >= 3);
  await link.stop();
  t.strictSame(versions.slice(0, 3), [5, 4, 5]);
  t.match(logger.lines[0], /closed|reset/);
});

t.test("a certificate that is none is said, not thrown", async (t) => {
  const logger = new Logs();
  const tls = { cert: Buffer.from("none"), key: Buffer.from("none") };
  const link = new MqttLink(linkOptions("mqtts://127.0.0.1:1", { tls }), logger);
  link.start();
  await until(() => logger.count(/^warn no connection/) === 1);
  t.match(link.status(), { connected: false, lastError: /./ });
  await link.stop();
});

t.test("options come from the configuration, secrets from files", async (t) => {
  const directory = t.testdir({ password: "geheim\n", ca: "CA" });
  const options = (...argv: string[]) => linkOptionsOf(loadConfig({ argv: ["--device.id=d", ...argv] }).config, "boot");
  const files = [`--mqtt.passwordFile=${directory}/password`, `--mqtt.tls.caFile=${directory}/ca`];
  t.match(options("--mqtt.username=u", ...files), {
    username: "u",
    clientId: "flinch-d",
    protocolVersion: 5,
  });
  t.equal(options("--mqtt.username=u", ...files).secrets().password, "geheim");
  t.match(options(`--mqtt.tls.caFile=${directory}/ca`).secrets().tls.ca?.toString(), "CA");
  t.match(linkOptionsOf(loadConfig({}).config, "b", "mqtt://127.0.0.1:9"), {
    url: "mqtt://127.0.0.1:9",
    protocolVersion: 4,
  });
  t.throws(() => options("--mqtt.tls.caFile=/nowhere"), { code: "MQTT_CONFIG", message: /mqtt.tls.caFile: \/nowhere/ });
});

t.test("a password that is changed on the disk is used from the next attempt on", async (t) => {
  const directory = t.testdir({ users: "", password: "old" });
  const [users, passwordFile] = [join(directory, "users"), join(directory, "password")];
  execFileSync("mosquitto_passwd", ["-b", users, "flinch", "new"], { stdio: "ignore" });
  const broker = await Mosquitto.start(["allow_anonymous false", `password_file ${users}`]);
  t.teardown(() => broker.stop());
  const argv = [
    "--mqtt.username=flinch",
    `--mqtt.passwordFile=${passwordFile}`,
    "--mqtt.reconnectMinMs=30",
    "--mqtt.reconnectMaxMs=50",
  ];
  const options = linkOptionsOf(loadConfig({ argv: [...argv, `--mqtt.url=${broker.url}`] }).config, "boot");
  const logger = new Logs();
  const link = new MqttLink(options, logger);
  t.teardown(() => link.stop());
  link.start();
  await until(() => logger.count(/^warn no connection .*mqtt\.passwordFile/) === 1);
  rmSync(passwordFile);
  await until(() => logger.count(/^warn no connection .*mqtt\.passwordFile: .* cannot be read/) === 1);
  writeFileSync(passwordFile, "new\n");
  await until(() => link.status().connected);
});

t.test("a password may be a credential of systemd", async (t) => {
  const directory = t.testdir({ "mqtt.password": "geheim\n" });
  const argv = ["--mqtt.username=u", "--mqtt.passwordFile=$CREDENTIALS_DIRECTORY/mqtt.password"];
  const { config } = loadConfig({ argv });
  const given = linkOptionsOf(config, "boot", undefined, { CREDENTIALS_DIRECTORY: directory });
  t.equal(given.secrets().password, "geheim");
  t.throws(() => linkOptionsOf(config, "boot", undefined, {}), {
    code: "MQTT_CONFIG",
    message: /mqtt\.passwordFile.*LoadCredential/,
  });
});

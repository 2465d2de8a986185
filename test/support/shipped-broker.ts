import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { connectAsync, type IClientOptions, type MqttClient } from "mqtt";
import type { Test } from "tap";
import { Authority } from "./certificates.js";
import { Mosquitto } from "./mosquitto.js";

/** Of mosquitto_passwd: a line for each user. */
function passwordFile(directory: string, users: Readonly<Record<string, string>>): string {
  const file = join(directory, "passwords");
  for (const [index, [user, password]] of Object.entries(users).entries()) {
    const create = index === 0 ? ["-c"] : [];
    execFileSync("mosquitto_passwd", [...create, "-b", file, user, password], { stdio: "ignore" });
  }
  return readFileSync(file, "utf8");
}

/** The broker of config/mosquitto with an authority of its own; every user's password is "secret of <user>". */
export async function shippedBroker(t: Test, users: readonly string[], change?: (conf: string) => string) {
  const authority = new Authority(t);
  const server = authority.broker();
  const passwords = passwordFile(t.testdir(), Object.fromEntries(users.map((user) => [user, `secret of ${user}`])));
  const certs = { "certs/ca.pem": authority.cert, "certs/server.pem": server.cert, "certs/server.key": server.key };
  const broker = await Mosquitto.startShipped({ passwords, ...certs }, change);
  t.teardown(() => broker.stop());
  const url = `mqtts://localhost:${broker.port}`;
  /** A client; one of MQTT 5 is told of refusals. */
  const client = async (
    username: string,
    protocolVersion: 4 | 5 = 5,
    more: IClientOptions = {},
  ): Promise<MqttClient> => {
    const password = `secret of ${username}`;
    // Where no certificate is asked for it does no harm.
    const certificate = { ca: authority.cert, ...authority.client(username) };
    const settings = { protocolVersion, username, password, ...certificate, reconnectPeriod: 0, ...more };
    const connected = await connectAsync(url, settings);
    t.teardown(() => connected.end(true));
    return connected;
  };
  return { authority, broker, client, url };
}

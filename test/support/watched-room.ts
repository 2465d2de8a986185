import { connectAsync } from "mqtt";
import type { Test } from "tap";
import type { Config } from "../../src/config/index.js";
import type { ReportedConfig } from "../../src/contract/config-reported.js";
import { Flinch } from "./cli.js";
import { EVERY_CANDIDATE } from "./demo.js";
import { until } from "./logs.js";
import { Mosquitto, Subscriber } from "./mosquitto.js";
import { conforms } from "./schemas.js";

/** Where the device room-1 takes its own document. */
export const DESIRED = "flinch/room-1/config/desired";
/** What the tests themselves send is not looked at. */
const unsent = ["-T", DESIRED, "-T", "flinch/_groups/#"];

/**
 * A broker, what a subscriber of it sees, a sender, and daemons called room-1 that watch a video over and over.
 * @param user options of mosquitto_sub: -u NAME -P PASSWORD
 * @param environment of the daemons, beside the test's own
 */
export async function watchedRoom(
  t: Test,
  video: string,
  settings?: readonly string[],
  user: readonly string[] = [],
  environment: Readonly<Record<string, string>> = {},
) {
  const broker = await Mosquitto.start(settings);
  t.teardown(() => broker.stop());
  const subscriber = new Subscriber(broker.port, "flinch/#", [...unsent, ...user]);
  t.teardown(() => subscriber.close());
  await subscriber.ready();
  const [, username, , password] = user;
  const sender = await connectAsync(broker.url, {
    reconnectPeriod: 50,
    ...(username !== undefined && password !== undefined && { username, password }),
  });
  t.teardown(() => sender.end(true));
  const place = t.testdir();
  const start = (...args: string[]) => {
    const source = ["--source.kind=file", `--source.uri=${video}`, "--source.loop", "--device.id=room-1"];
    const where = [
      `--outbox.directory=${place}/outbox`,
      `--state.directory=${place}/state`,
      `--mqtt.url=${broker.url}`,
    ];
    const daemon = new Flinch(["run", ...source, ...where, ...EVERY_CANDIDATE, ...args], environment);
    t.teardown(() => daemon.dispose());
    return daemon;
  };
  const send = (document: object, topic = DESIRED) =>
    sender.publishAsync(topic, JSON.stringify(document), { qos: 1, retain: true });
  const told = <T>(name: string) =>
    subscriber.messages.filter(({ topic }) => topic.endsWith(`/${name}`)).map(({ payload }) => payload as unknown as T);
  const reported = async (is: (config: ReportedConfig<Config>) => boolean) => {
    await until(() => told<ReportedConfig<Config>>("config/reported").some(is), 60_000);
    const found = told<ReportedConfig<Config>>("config/reported").filter(is).at(-1);
    t.equal(conforms("config_reported", found), "");
    return found as ReportedConfig<Config>;
  };
  const answer = (version: number, status: string) =>
    reported(({ desired }) => desired?.version === version && desired.status === status);
  return { broker, subscriber, sender, start, send, told, reported, answer };
}

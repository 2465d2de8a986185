import { copyFileSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { connectAsync } from "mqtt";
import t from "tap";
import { Flinch } from "../support/cli.js";
import { until } from "../support/logs.js";
import { Mosquitto } from "../support/mosquitto.js";
import { NotFetched } from "../support/npm-package.js";
import { HomeAssistant } from "./support/home-assistant.js";

t.setTimeout(40 * 60_000);

const DEVICE = "flinch_interview_1";
const SHIPPED = "deploy/home-assistant";

async function homeAssistantOrSkip(dir: string): Promise<HomeAssistant | undefined> {
  writeFileSync(join(dir, "automations.yaml"), "[]");
  copyFileSync(join(SHIPPED, "dashboard.yaml"), join(dir, "dashboard.yaml"));
  const dashboard = "{ mode: yaml, filename: dashboard.yaml, title: Flinch, icon: mdi:emoticon-outline }";
  const lines = `automation flinch: !include automations.yaml\nlovelace:\n  dashboards:\n    flinch-rooms: ${dashboard}\n`;
  try {
    return await HomeAssistant.start(dir, lines);
  } catch (thrown) {
    if (!(thrown instanceof NotFetched)) throw thrown;
    t.fail("not tested", { skip: `not tested: ${thrown.message}` });
    return undefined;
  }
}

const dir = t.testdir();
const home = await homeAssistantOrSkip(dir);
if (home !== undefined) {
  t.teardown(() => home.stop());
  const broker = await Mosquitto.start();
  t.teardown(() => broker.stop());
  await home.connect(broker);
  const automations = readFileSync(join(SHIPPED, "automations.yaml"), "utf8");
  // The test does not wait for a minute.
  writeFileSync(join(dir, "automations.yaml"), automations.replace("00:01:00", "00:00:02"));
  await home.call("automation", "reload");
  const run = ["run", "--config", "config/demo.json", "--device.id=interview-1", `--mqtt.url=${broker.url}`];
  const start = (name: string) =>
    new Flinch([...run, "--mqtt.discoveryPrefix=homeassistant", `--outbox.directory=${join(dir, name)}`]);
  const device = start("outbox");
  t.teardown(() => device.dispose());
  const stateOf = async (name: string) => (await home.entities(DEVICE)).get(name)?.state ?? "";

  t.test("a device that announces itself appears, and its events and condition with it", async (t) => {
    await device.logged(/^event$/);
    const event = `event.${DEVICE}_micro_expression`;
    await until(async () => /^\d{4}-/.test(await stateOf(event)), 60_000);
    const { event_type, event_types, onsetAt } = (await home.entities(DEVICE)).get(event)?.attributes ?? {};
    t.ok(Array.isArray(event_types) && event_types.includes(event_type), String(event_type));
    t.match(onsetAt, /^\d{4}-\d\d-\d\dT.*Z$/);
    // The video may be over by then.
    await until(async () => /^(streaming|ended)$/.test(await stateOf(`sensor.${DEVICE}_source`)), 60_000);
    t.match(await stateOf(`sensor.${DEVICE}_memory`), /^\d+$/);
  });

  t.test("what the dashboard and the automations name is there", async (t) => {
    const there = await home.entities(DEVICE);
    for (const file of ["dashboard.yaml", "automations.yaml"]) {
      const named = [...readFileSync(join(SHIPPED, file), "utf8").matchAll(/\b\w+\.flinch_interview_1_\w+/g)];
      t.ok(named.length > 0);
      for (const [entity] of named) t.ok(there.has(entity), `${file}: ${entity}`);
    }
    const automations = [...(await home.entities("flinch_a_")).values()];
    t.same(
      automations.map(({ state }) => state),
      ["on", "on"],
      "Home Assistant understands the automations",
    );
  });

  t.test("a device that crashes is unavailable, and somebody is told; one that is stopped is not", async (t) => {
    const ending = new AbortController();
    t.teardown(() => ending.abort());
    const calls = await home.heard(ending.signal);
    const source = `sensor.${DEVICE}_source`;
    const notices = () => calls.filter((call) => call.includes("persistent_notification"));
    device.kill("SIGTERM");
    await device.ended;
    await until(async () => (await stateOf(source)) === "unavailable", 20_000);
    const again = start("outbox-2");
    t.teardown(() => again.dispose());
    await until(async () => (await stateOf(source)) !== "unavailable", 60_000);
    t.same(notices(), []);
    again.kill("SIGKILL");
    await until(() => notices().length > 0, 30_000);
    t.match(notices(), [/Flinch interview-1 is gone/]);
    t.equal(await stateOf(source), "unavailable");
  });

  t.test("a device whose announcement is taken back is gone with all that it had", async (t) => {
    const operator = await connectAsync(broker.url);
    t.teardown(() => operator.endAsync(true));
    await operator.publishAsync("homeassistant/device/flinch/interview-1/config", "", { retain: true, qos: 1 });
    await until(async () => (await home.entities(DEVICE)).size === 0, 20_000);
  });

  t.test("Home Assistant found nothing wrong with any of it", async (t) => {
    const wrong = home.log
      .join("")
      .split("\n")
      .filter((line) => /(ERROR|WARNING).*(mqtt|automation|lovelace|flinch)/i.test(line));
    t.same(wrong, []);
  });
}

import { spawn } from "node:child_process";
import t from "tap";
import { Mosquitto, Subscriber } from "../support/mosquitto.js";
import { conforms } from "../support/schemas.js";

t.test("a killed process is offline, and stays so for who comes later", async (t) => {
  const broker = await Mosquitto.start();
  t.teardown(() => broker.stop());
  const subscriber = new Subscriber(broker.port);
  t.teardown(() => subscriber.close());
  const child = spawn(process.execPath, [...process.execArgv, "test/support/linked-child.ts", broker.url], {
    stdio: "inherit",
  });
  t.teardown(() => child.kill("SIGKILL"));
  await subscriber.message(({ payload }) => payload["status"] === "online", 30_000);
  child.kill("SIGKILL");
  const offline = await subscriber.message(({ payload }) => payload["status"] === "offline");
  t.match(offline, { topic: "flinch/device/availability", payload: { bootId: "boot", at: null } });
  t.equal(conforms("availability", offline.payload), "");
  const late = new Subscriber(broker.port);
  t.teardown(() => late.close());
  t.ok((await late.message(({ payload }) => payload["status"] === "offline")).retained);
});

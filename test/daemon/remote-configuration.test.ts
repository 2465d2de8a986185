import { join } from "node:path";
import t from "tap";
import type { MicroExpressionEvent } from "../../src/contract/event.js";
import type { State } from "../../src/contract/state.js";
import { shortVideo } from "../support/demo.js";
import { until } from "../support/logs.js";
import { DESIRED, watchedRoom } from "../support/watched-room.js";

const video = await shortVideo(join(t.testdir(), "short.mp4"));

t.test("live keys take effect at work: room, gates, log and heartbeat", async (t) => {
  const { start, send, told, answer } = await watchedRoom(t, video);
  const daemon = start("--schedule.heartbeat=0 0 1 1 *");
  await daemon.logged(/^event$/);
  await send({
    version: 1,
    config: { device: { room: "Blue" }, log: { level: "debug" }, schedule: { heartbeat: "* * * * * *" } },
  });
  const { config, bootId } = await answer(1, "applied");
  t.match(config, { device: { room: "Blue" }, log: { level: "debug" } });
  const states = told("state").length;
  await until(() => told("state").length >= states + 2, 60_000);
  const events = () => told<MicroExpressionEvent>("event/micro_expression");
  await until(() => events().some(({ room }) => room === "Blue"), 60_000);

  await send({ version: 2, config: { recognition: { minConfidence: 1 }, log: { level: "debug" } } });
  await answer(2, "applied");
  await until(() => daemon.log.some(({ reason }) => reason === "low_confidence"), 60_000);
  const state = told<State>("state").at(-1);
  t.match(state, { watches: 1, bootId }, "nothing was begun anew");
  daemon.kill("SIGTERM");
  t.equal(await daemon.ended, 0);
});

t.test("other keys begin the pipeline anew; process, numbers and link stay", async (t) => {
  const { start, send, told, answer } = await watchedRoom(t, video);
  const daemon = start();
  await daemon.logged(/^event$/);
  await send({ version: 1, config: { face: { minScore: 0.55 }, spotting: { method: "motion", threshold: 3 } } });
  const { config, bootId } = await answer(1, "applied");
  t.match(config, { face: { minScore: 0.55 }, spotting: { method: "motion" } });
  await until(() => told<State>("state").some(({ watches }) => watches === 2));
  const raised = daemon.log.filter(({ msg }) => msg === "event").length;
  await until(() => daemon.log.filter(({ msg }) => msg === "event").length > raised, 60_000);
  daemon.kill("SIGTERM");
  t.equal(await daemon.ended, 0);
  const events = told<MicroExpressionEvent>("event/micro_expression");
  t.same(
    events.map(({ sequence }) => sequence),
    events.map((_, i) => i + 1),
    "no number is missing or given twice",
  );
  t.same([...new Set(events.map((event) => event.bootId))], [bootId]);
  t.same(
    told<{ status: string }>("availability").map(({ status }) => status),
    ["online", "stopped"],
  );
});

t.test("after a restart without a broker the remote configuration is in force", async (t) => {
  const { broker, start, send, answer, reported } = await watchedRoom(t, video);
  const local = [
    "--remote.healthyWithinS=1",
    "--device.room=Here",
    "--mqtt.reconnectMinMs=50",
    "--mqtt.reconnectMaxMs=200",
  ];
  const first = start(...local);
  await first.logged(/^watching$/);
  await send({ version: 3, config: { device: { room: "Blue" } } });
  const { bootId: before } = await answer(3, "applied");
  first.kill("SIGTERM");
  t.equal(await first.ended, 0);

  await broker.kill();
  const second = start(...local);
  t.match(await second.logged(/^remote configuration in force$/), { versions: { device: 3 } });
  await second.logged(/^watching$/);
  // A broker without a memory: nothing is retained there that could have told it.
  await broker.run();
  const { config, bootId } = await reported((told) => told.bootId !== before && told.desired?.status === "applied");
  t.equal(config.device.room, "Blue");
  // The same document comes again, and changes nothing.
  await send({ version: 3, config: { device: { room: "Blue" } } });
  await send({ version: 2, config: { device: { room: "Old" } } });
  const stale = await answer(2, "refused");
  t.match(stale, { bootId, config: { device: { room: "Blue" } }, desired: { inForce: 3, reason: /stale/ } });
  second.kill("SIGTERM");
  t.equal(await second.ended, 0);
});

t.test("groups reach a device, and switched off nothing does", async (t) => {
  const { start, send, reported, sender } = await watchedRoom(t, video);
  await send({ version: 5, config: { device: { room: "Floor" } } }, "flinch/_groups/floor/config/desired");
  const daemon = start("--device.groups=floor,other");
  const inGroup = await reported(({ groups }) => groups["floor"]?.status === "applied");
  t.match(inGroup, {
    desired: null,
    groups: { other: null, floor: { version: 5 } },
    config: { device: { room: "Floor" } },
  });
  await sender.publishAsync(DESIRED, Buffer.alloc(70_000, 32), { qos: 1 });
  t.match(await reported(({ desired }) => desired?.status === "refused"), { desired: { reason: /70000 bytes/ } });
  daemon.kill("SIGTERM");
  t.equal(await daemon.ended, 0);

  const off = start("--device.groups=floor", "--remote.enabled=false");
  const { config } = await reported(({ config }) => !config.remote.enabled);
  t.equal(config.device.room, "");
  off.kill("SIGTERM");
  t.equal(await off.ended, 0);
});

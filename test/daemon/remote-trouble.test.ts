import { execFileSync } from "node:child_process";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { shortVideo } from "../support/demo.js";
import { until } from "../support/logs.js";
import { saidModels } from "../support/said.js";
import { DESIRED, watchedRoom } from "../support/watched-room.js";

const dir = t.testdir();
const video = await shortVideo(join(dir, "short.mp4"));

t.test("a crash on probation brings the last good configuration back", async (t) => {
  const { start, send, answer } = await watchedRoom(t, video);
  const first = start("--device.room=Here");
  await first.logged(/^watching$/);
  await send({ version: 1, config: { device: { room: "Blue" }, face: { minScore: 0.5 } } });
  await answer(1, "applied");
  first.kill("SIGKILL");
  t.equal(await first.ended, "SIGKILL");
  const second = start("--device.room=Here");
  const { config, desired } = await answer(1, "rolled_back");
  t.equal(config.device.room, "Here");
  t.match(desired, { reason: /the process ended within 60 s/, inForce: null });
  await second.logged(/^watching$/);
  await send({ version: 2, config: { device: { room: "Green" } } });
  t.equal((await answer(2, "applied")).config.device.room, "Green");
  second.kill("SIGTERM");
  t.equal(await second.ended, 0);
});

t.test("where the pipeline cannot be opened the old one works on, and the reason is told", async (t) => {
  const { start, send, answer } = await watchedRoom(t, video);
  const models = join(dir, "models");
  const manifest = saidModels(models);
  const daemon = start(`--recognition.manifest=${manifest}`);
  await daemon.logged(/^watching$/);
  rmSync(manifest);
  await send({ version: 1, config: { face: { minScore: 0.5 } } });
  const { config, desired } = await answer(1, "rolled_back");
  t.match(desired, { reason: /manifest/, inForce: null });
  t.equal(config.face.minScore, 0.6);
  const raised = daemon.log.filter(({ msg }) => msg === "event").length;
  await until(() => daemon.log.filter(({ msg }) => msg === "event").length > raised, 60_000);
  daemon.kill("SIGTERM");
  t.equal(await daemon.ended, 0);
});

t.test("no secret is told, whatever is sent", async (t) => {
  const password = "hunter2-of-the-broker";
  const users = join(dir, "users");
  writeFileSync(users, "", { mode: 0o600 });
  execFileSync("mosquitto_passwd", ["-b", users, "flinch", password], { stdio: "ignore" });
  const settings = ["allow_anonymous false", `password_file ${users}`];
  const { start, send, subscriber, answer, sender } = await watchedRoom(t, video, settings, [
    "-u",
    "flinch",
    "-P",
    password,
  ]);
  const file = join(dir, "password");
  writeFileSync(file, `${password}\n`);
  const daemon = start("--mqtt.username=flinch", `--mqtt.passwordFile=${file}`, "--log.level=debug");
  await daemon.logged(/^watching$/);
  const stolen = "secret-in-a-document";
  await send({
    version: 1,
    config: { mqtt: { username: stolen, password: stolen }, source: { uri: `rtsp://a:${stolen}@b` } },
  });
  await answer(1, "refused");
  await sender.publishAsync(DESIRED, `{"version":2,"config":{"mqtt":"${stolen}`, { qos: 1 });
  await send({ version: 3, config: { device: { room: "Blue" } } });
  await answer(3, "applied");
  daemon.kill("SIGTERM");
  t.equal(await daemon.ended, 0);
  const own = subscriber.messages.filter(({ topic }) => topic !== DESIRED);
  for (const text of [JSON.stringify(own), JSON.stringify(daemon.log), daemon.plain.join("\n")]) {
    t.notOk(text.includes(password));
    t.notOk(text.includes(stolen));
  }
});

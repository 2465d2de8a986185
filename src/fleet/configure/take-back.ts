import { setTimeout as sleep } from "node:timers/promises";
import { shownText } from "../../lib/free-text.js";
import type { Watched } from "../watch.js";
import { answerOf, documentOf, nextVersion } from "./answer.js";
import type { RolloutFile, Target } from "./record.js";
import { publish, type Tools } from "./writer.js";

const POLL_MS = 50;

/**
 * Puts back what each device or group had before a rollout, under a newer version. What somebody else has written since
 * stays.
 * @returns whether all of it is back, or waits at the broker for a device that is not online
 * @throws FlinchError MQTT_REFUSED, STATE_UNWRITABLE; the signal's reason
 */
export async function takeBack(fleet: Watched, file: RolloutFile, tools: Tools): Promise<boolean> {
  const written = file.record.targets.filter(({ status }) => status !== "waiting" && status !== "taken_back");
  if (written.length === 0) tools.say("nothing was written that is not taken back");
  let well = true;
  const sent: { readonly target: Target; readonly version: number }[] = [];
  for (const target of written) {
    const version = versionBack(fleet, target);
    if (version === undefined) {
      well = false;
      const there = fleet.devices.document(target.topic)?.version;
      const what = there === undefined ? "the document is gone" : `somebody else has written version ${there}`;
      tools.say(`${target.devices.join(", ")}: ${what}; left as it is`);
      continue;
    }
    await file.note(target, { back: version });
    await publish(fleet, target.topic, { version, config: target.before?.config ?? {} }, tools);
    sent.push({ target, version });
  }
  for (const { target, version } of sent) {
    const answers = await Promise.all(
      target.devices.map((device) => answered(fleet, device, target, version, file.record.answerWithinS, tools)),
    );
    if (answers.includes(false)) well = false;
    else await file.note(target, { status: "taken_back" });
  }
  return well;
}

/** Under which version the document before is put back; undefined where it is not to be. */
function versionBack({ devices }: Watched, { topic, version, back, before, scope, ...target }: Target) {
  const there = devices.document(topic)?.version;
  if (back !== null && there === back) return back;
  // Noted as written, and cut off before it was.
  const untouched = there === before?.version && target.status === "written";
  if (there !== version && !untouched) return undefined;
  const reports = target.devices.map((id) => documentOf(devices.of(id) ?? {}, scope));
  return nextVersion(there, reports, Math.max(version, back ?? 0) + 1);
}

async function answered(
  { devices, broker }: Watched,
  device: string,
  { scope }: Target,
  version: number,
  withinS: number,
  { say, signal }: Tools,
): Promise<boolean> {
  let until = performance.now() + withinS * 1000;
  for (;;) {
    const found = devices.of(device);
    const answer = answerOf(found, scope, version);
    if (answer === "accepted") {
      say(`${device} has what it had before, as version ${version}`);
      return true;
    }
    if (typeof answer === "object") {
      say(shownText(`${device} ${answer.refused}`));
      return false;
    }
    if (!broker.connected) until = performance.now() + withinS * 1000;
    else if (found?.availability?.status !== "online") {
      say(`${device} is ${found?.availability?.status ?? "not online"}: it takes version ${version} when it is back`);
      return true;
    }
    if (performance.now() >= until) {
      say(`${device} has not answered within ${withinS} s`);
      return false;
    }
    await sleep(POLL_MS, undefined, { signal });
  }
}

import type { KeyObject } from "node:crypto";
import { readFileSync } from "node:fs";
import { readEd25519 } from "../config/remote/index.js";
import { planOf, publishable, Rollout, RolloutFile, stagesOf, takeBack, type Wish } from "../fleet/configure/index.js";
import { type Watched, watchFleet } from "../fleet/index.js";
import { FlinchError, reasonOf } from "../lib/errors.js";
import { isObject, type JsonObject, parseJson } from "../lib/json-payload.js";
import type { CommandContext } from "./command.js";
import { fleetConfig } from "./fleet-config.js";

/** What is common to all that this command does. */
interface Work {
  readonly context: CommandContext;
  readonly fleet: Watched;
  readonly key: KeyObject | undefined;
  readonly path: string;
}

/**
 * `flinch fleet configure`: writes a configuration to a group or, stage by stage, to devices, and sees that each takes
 * it and goes on watching.
 * @returns 0 where everybody did, 1 where it stopped or was ended before
 */
export async function fleetConfigure(context: CommandContext): Promise<number> {
  const { line, signal } = context;
  const path = line.options.get("state");
  if (path === undefined)
    throw new FlinchError("USAGE", "a rollout needs a file to keep what was before: --state FILE");
  const keyFile = line.options.get("key");
  const key = keyFile === undefined ? undefined : readEd25519("private", "--key", keyFile);
  const [resume, back] = [line.switches.has("resume"), line.switches.has("take-back")];
  if (resume && back) throw new FlinchError("USAGE", "--resume and --take-back exclude each other");
  const again = resume || back;
  if (again === line.positionals.length > 0) {
    throw new FlinchError("USAGE", again ? "the file of --state says what is written" : "no file of changes is named");
  }
  // Before the broker is asked anything.
  if (again) await RolloutFile.open(path);
  else await RolloutFile.refuseExisting(path);
  try {
    return await atWork(context, { key, path, back, resume });
  } catch (thrown) {
    if (!signal.aborted) throw thrown;
    context.output(`ended before its end: --resume --state ${path} goes on, --take-back --state ${path} takes it back`);
    return 1;
  }
}

async function atWork(
  context: CommandContext,
  { back, resume, ...work }: Pick<Work, "key" | "path"> & { readonly back: boolean; readonly resume: boolean },
): Promise<number> {
  const onConnection = (lost: string | undefined) =>
    context.output(lost === undefined ? "connected again" : `connection to the broker lost: ${lost}; trying again`);
  const fleet = await watchFleet(fleetConfig(context), { signal: context.signal, onConnection });
  try {
    const all: Work = { context, fleet, ...work };
    return back ? await undo(all) : await roll(all, resume ? await RolloutFile.open(work.path) : await begun(all));
  } finally {
    await fleet.broker.close();
  }
}

async function roll({ context, fleet, key, path }: Work, file: RolloutFile): Promise<number> {
  const { output: say, signal } = context;
  if (file.record.targets.some(({ status }) => status === "taken_back"))
    throw new FlinchError("USAGE", `the rollout in '${path}' was taken back; begin another, with another file`);
  const well = await new Rollout(fleet, file, { key, say, signal }).run();
  const all = file.record.targets.flatMap(({ devices }) => devices).length;
  say(
    well
      ? `done: ${all} of ${all} devices; --take-back --state ${path} takes it back`
      : `stopped: the rest keeps what it has; --take-back --state ${path} takes it back, --resume --state ${path} tries again`,
  );
  return well ? 0 : 1;
}

async function undo({ context, fleet, key, path }: Work): Promise<number> {
  const { output: say, signal } = context;
  return (await takeBack(fleet, await RolloutFile.open(path), { key, say, signal })) ? 0 : 1;
}

/** A new rollout, noted, of which nothing is written yet. */
async function begun({ context, fleet, key, path }: Work): Promise<RolloutFile> {
  const { line, output } = context;
  const { options } = line;
  const wish = wishOf(context);
  const { targets, leftOut } = planOf(fleet.devices, wish);
  for (const { topic, version, config } of targets) publishable({ version, config }, topic, key);
  const later = wish.asGroup ? "; it takes the document when it can" : "";
  for (const { device, reason } of leftOut) output(`left out: ${device} ${reason}${later}`);
  return await RolloutFile.create(path, {
    schema: "flinch/rollout/1",
    startedAt: new Date().toISOString(),
    topicPrefix: wish.topicPrefix,
    changes: wish.changes,
    settleS: secondsIn(options.get("settle"), "--settle", 60),
    answerWithinS: secondsIn(options.get("answer-within"), "--answer-within", 120),
    stages: wish.asGroup ? [1] : stagesOf(options.get("stages") ?? "1,10%,all", targets.length),
    targets,
  });
}

function wishOf(context: CommandContext): Wish {
  const { options, switches, positionals } = context.line;
  const [group, devices, stages] = [options.get("group"), options.get("devices"), options.get("stages")];
  if (group === undefined && devices === undefined)
    throw new FlinchError("USAGE", "whom for: --group NAME, or --devices A,B or all");
  return {
    topicPrefix: fleetConfig(context).mqtt.topicPrefix,
    changes: changesIn(positionals[0] ?? ""),
    devices: devices === undefined || devices === "all" ? "all" : devices.split(",").map((name) => name.trim()),
    group,
    asGroup: devices === undefined && stages === undefined,
    replace: switches.has("replace"),
    fromVersion: Math.max(1, Math.floor(secondsIn(options.get("from-version"), "--from-version", 1))),
  };
}

/** Either the changes themselves, or a document as `flinch config sign` takes it, whose version is passed over. */
function changesIn(file: string): JsonObject {
  let content: unknown;
  try {
    content = parseJson(readFileSync(file));
  } catch (thrown) {
    const why = thrown instanceof SyntaxError || thrown instanceof TypeError ? "is not JSON" : "cannot be read";
    throw new FlinchError("CONFIG_UNREADABLE", `'${file}' ${why} (${reasonOf(thrown)})`);
  }
  if (!isObject(content)) throw new FlinchError("CONFIG_INVALID", `'${file}' holds no object of keys`);
  return isObject(content["config"]) ? content["config"] : content;
}

function secondsIn(text: string | undefined, option: string, otherwise: number): number {
  const value = text === undefined ? otherwise : Number(text);
  if (text !== "" && Number.isFinite(value) && value >= 0 && value <= Number.MAX_SAFE_INTEGER) return value;
  throw new FlinchError("USAGE", `${option} takes a number, not '${text}'`);
}

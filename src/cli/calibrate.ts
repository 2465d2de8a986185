import { type Config, loadConfig } from "../config/index.js";
import { type Calibration, gather, propose, renderCalibration, scoreAt, type Wish } from "../evaluation/room/index.js";
import { whyDisk } from "../lib/disk.js";
import { DurableFile } from "../lib/durable-file.js";
import { FlinchError } from "../lib/errors.js";
import { hstaEntry } from "../recognition/index.js";
import { loadManifest, readModel } from "../runtime/index.js";
import type { CommandContext } from "./command.js";
import { openKeptHistory } from "./kept-history.js";

/**
 * `flinch calibrate`: what reviewers' labels say of each operating point in this room, and a configuration with the one
 * that finds most within a wish. Changes nothing that is in force.
 */
export async function calibrate({ line, env, output }: CommandContext): Promise<number> {
  const { config } = loadConfig({ line, env });
  const wish: Wish = {
    maxFalsePerHour: numberIn(line.options.get("max-false-per-hour"), "--max-false-per-hour", 6),
    minPrecision: numberIn(line.options.get("min-precision"), "--min-precision", 0),
  };
  const calibration = calibrationOf(config, wish);
  output(line.switches.has("json") ? JSON.stringify(calibration) : renderCalibration(calibration));
  const file = line.options.get("to");
  if (file === undefined) return 0;
  if (calibration.proposal === null) throw new FlinchError("USAGE", `nothing is proposed, so '${file}' is not written`);
  await write(file, calibration.proposal.chosen.minEvidence);
  if (!line.switches.has("json"))
    output(`Written to ${file}: start with --config ${file} after your own, or publish it.`);
  return 0;
}

function calibrationOf(config: Config, wish: Wish): Calibration {
  const { operatingPoints } = hstaEntry(
    readModel(loadManifest(config.recognition.manifest), config.recognition.model).entry,
  );
  const history = openKeptHistory(config);
  try {
    const { labelled, hoursOf, ...gathered } = gather(history);
    const judgedHours = [...hoursOf.values()].reduce((sum, hours) => sum + hours, 0);
    const { minEvidence } = config.recognition;
    const named = Object.entries({
      ...operatingPoints,
      ...(minEvidence !== null && { "recognition.minEvidence": minEvidence }),
    });
    return {
      gathered,
      labels: labelled.length,
      sessions: hoursOf.size,
      judgedHours,
      points: named
        .sort(([, a], [, b]) => b - a)
        .map(([name, point]) => ({ name, score: scoreAt(point, labelled, judgedHours) })),
      wish,
      proposal: propose({ labelled, hoursOf }, wish) ?? null,
    };
  } finally {
    history.close();
  }
}

function numberIn(text: string | undefined, option: string, otherwise: number): number {
  const value = text === undefined ? otherwise : Number(text);
  if (!Number.isFinite(value) || value < 0 || text === "")
    throw new FlinchError("USAGE", `${option} takes a number, not '${text}'`);
  return value;
}

async function write(file: string, minEvidence: number): Promise<void> {
  const change = { recognition: { minEvidence } };
  await new DurableFile(file).write(`${JSON.stringify(change, undefined, 2)}\n`).catch((cause: unknown) => {
    throw new FlinchError("EXPORT_UNWRITABLE", `'${file}' cannot be written: ${whyDisk(cause)}`, { cause });
  });
}

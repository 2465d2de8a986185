import { FlinchError } from "../../lib/errors.js";

/**
 * How many devices have been written to after each stage: `1,10%,all` of 40 is 1, 4 and 40. All are the last stage,
 * whether it is said or not; a stage that adds nobody is left out.
 * @throws FlinchError USAGE for what is no list of numbers and shares
 */
export function stagesOf(text: string, devices: number): number[] {
  const stages: number[] = [];
  for (const count of [...text.split(",").map((word) => countOf(word.trim(), devices)), devices])
    if (count > (stages.at(-1) ?? 0)) stages.push(count);
  return stages;
}

function countOf(word: string, devices: number): number {
  if (word === "all") return devices;
  const [, digits, percent] = /^(\d{1,9})(%?)$/.exec(word) ?? [];
  const number = Number(digits);
  if (digits === undefined || number === 0 || (percent !== "" && number > 100)) throw usage(word);
  return percent === "" ? Math.min(number, devices) : Math.ceil((number / 100) * devices);
}

const usage = (text: string) =>
  new FlinchError("USAGE", `--stages takes numbers of devices and shares of them, 1,10%,all; not '${text}'`);

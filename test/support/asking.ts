import type { Response } from "../../src/contract/response.js";
import type { Inbound } from "../../src/mqtt/index.js";
import { Dispatcher, type DispatcherOptions, requestKinds } from "../../src/mqtt/requests/index.js";
import { fakeControls } from "./controls.js";
import { Logs } from "./logs.js";

export interface Answer {
  readonly topic: string;
  readonly response: Response;
  readonly correlationData?: Buffer;
}

/** A dispatcher without a broker; its answers are kept. */
export function asking(changes: Partial<DispatcherOptions> = {}) {
  const answers: Answer[] = [];
  const log = new Logs();
  const dispatcher = new Dispatcher({
    kinds: requestKinds(fakeControls()),
    ownTopics: "flinch/device/",
    bootId: "boot",
    answer: async (topic, response, correlationData) => {
      answers.push({ topic, response, ...(correlationData && { correlationData }) });
    },
    log,
    ...changes,
  });
  const ask = (name: string, payload: unknown = {}, more: Partial<Inbound> = {}) => {
    const bytes = Buffer.isBuffer(payload) ? payload : Buffer.from(JSON.stringify(payload));
    dispatcher.take({ name: `request/${name}`, payload: bytes, retained: false, ...more });
  };
  return { dispatcher, answers, ask, log };
}

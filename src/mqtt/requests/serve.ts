import type { Logger } from "../../lib/logger.js";
import type { MqttLink } from "../index.js";
import type { RequestControls } from "./controls.js";
import { Dispatcher } from "./dispatcher.js";
import { requestKinds } from "./kinds.js";

export interface ServeOptions {
  readonly link: MqttLink;
  readonly controls: RequestControls;
  readonly topicPrefix: string;
  readonly device: string;
  readonly bootId: string;
  readonly log: Logger;
}

/** Answers what comes to `request/#`. Call it before the link starts, and stop the dispatcher before the link. */
export function serveRequests({ link, controls, topicPrefix, device, bootId, log }: ServeOptions): Dispatcher {
  const ownTopics = `${topicPrefix}/${device}/`;
  const dispatcher = new Dispatcher({
    kinds: requestKinds(controls),
    ownTopics,
    bootId,
    answer: (topic, payload, correlationData) => link.answer(topic, payload, correlationData),
    log,
  });
  link.subscribe({
    filter: `${ownTopics}request/#`,
    onMessage: (message) => dispatcher.take(message),
    onTooLong: (message, bytes) => dispatcher.take({ ...message, payload: bytes }),
  });
  return dispatcher;
}

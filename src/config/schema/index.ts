import type { ConfigOf } from "../key.js";
import { clip, face, spotting } from "./analysis.js";
import { board } from "./board.js";
import { webConsole } from "./console.js";
import { device, privacy } from "./device.js";
import { evidence } from "./evidence.js";
import { mqtt, outbox } from "./messaging.js";
import { metrics } from "./metrics.js";
import { recognition } from "./recognition.js";
import { remote, state } from "./remote.js";
import { log, ops, schedule } from "./service.js";
import { source } from "./source.js";

/** Every key of the configuration, by section. */
export const keys = {
  device,
  privacy,
  source,
  face,
  clip,
  spotting,
  recognition,
  mqtt,
  outbox,
  state,
  remote,
  log,
  schedule,
  ops,
  board,
  console: webConsole,
  evidence,
  metrics,
};

/** The whole configuration, readonly all the way down. */
export type Config = ConfigOf<typeof keys>;

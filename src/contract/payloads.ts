import { availability } from "./availability.js";
import { configDesired } from "./config-desired.js";
import { configReported } from "./config-reported.js";
import { deletion } from "./deletion.js";
import { microExpression } from "./event.js";
import { evidence } from "./evidence.js";
import { homeAssistantDevice } from "./home-assistant.js";
import { info } from "./info.js";
import { request } from "./request.js";
import { response } from "./response.js";
import { review } from "./review.js";
import { state } from "./state.js";
import { dailySummary, sessionSummary } from "./summary.js";

/** The schema of every payload, by the name of its file in docs/schemas. */
export const payloads = {
  availability,
  info,
  state,
  config_reported: configReported,
  config_desired: configDesired,
  micro_expression: microExpression,
  session_summary: sessionSummary,
  daily_summary: dailySummary,
  review,
  deletion,
  evidence,
  home_assistant_device: homeAssistantDevice,
  request,
  response,
} as const;

export type PayloadName = keyof typeof payloads;

/** What a payload says in `schema`; undefined where it has none. */
export function schemaNameOf(name: PayloadName): string | undefined {
  const { properties } = payloads[name];
  return "schema" in properties ? properties.schema.const : undefined;
}

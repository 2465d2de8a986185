export {
  type Availability,
  type Info,
  payloadSchemas,
  type RemoteReport,
  type ReportedConfig,
  type ReportedDocument,
  type Response,
} from "../contract/payloads.js";
export type { LinkStatus, State } from "../contract/state.js";
export { discoveryOf, type HomeAssistantDevice } from "./discovery.js";
export { type EmbeddedBroker, startEmbeddedBroker } from "./embedded-broker.js";
export type { Inbound, Subscription } from "./inbox.js";
export { MqttLink } from "./link.js";
export { type LinkOptions, linkOptionsOf, secretsOf } from "./link-options.js";
export { type RetainedTopic, topicOf } from "./topics.js";

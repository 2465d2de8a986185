export {
  type Availability,
  type Info,
  type LinkStatus,
  payloadSchemas,
  type RemoteReport,
  type ReportedConfig,
  type ReportedDocument,
  type Response,
  type State,
} from "../contract/payloads.js";
export { discoveryOf, type HomeAssistantDevice } from "./discovery.js";
export { type EmbeddedBroker, startEmbeddedBroker } from "./embedded-broker.js";
export type { Inbound, Subscription } from "./inbox.js";
export { MqttLink } from "./link.js";
export { type LinkOptions, linkOptionsOf, secretsOf } from "./link-options.js";
export { type RetainedTopic, topicOf } from "./topics.js";

export { brokerCheck, runningBrokerCheck } from "./broker-check.js";
export { discoveryOf } from "./discovery.js";
export { type EmbeddedBroker, startEmbeddedBroker } from "./embedded-broker.js";
export { MqttLink } from "./link.js";
export { type LinkOptions, linkOptionsOf, secretsOf } from "./link-options.js";
export { explain, explainNone, isVersionRefusal, reasonCodeOf } from "./refusal.js";
export { Session } from "./session.js";
export type { Inbound, Subscription } from "./subscription.js";
export { type RetainedTopic, topicOf } from "./topics.js";

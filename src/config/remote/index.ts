export { type Applier, DesiredConfig, type DesiredConfigOptions } from "./desired-config.js";
export { changedKeys, effectOf } from "./effect.js";
export { signDocument } from "./judge.js";
export { scopesOf, topicOfScope } from "./layers.js";
export { Refusal } from "./refusal.js";
export { readEd25519, signatureOf, signedText } from "./signature.js";
export { RemoteStore, type Scope, type Stored } from "./store.js";

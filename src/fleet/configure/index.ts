export { planOf, type Wish } from "./plan.js";
export { RolloutFile } from "./record.js";
export { Rollout } from "./rollout.js";
export { stagesOf } from "./stages.js";
export { takeBack } from "./take-back.js";
export { publishable } from "./writer.js";

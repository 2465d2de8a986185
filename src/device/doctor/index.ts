export { doctorChecks } from "./checks.js";
export { renderResults, renderResultsJson } from "./render.js";
export { runningInferenceCheck, runningSourceCheck } from "./running.js";
export { sourceCheck } from "./source.js";

import type { PipelineListener } from "../pipeline/index.js";

/** One listener for several: each is told everything, in turn. */
export function joined(listeners: readonly PipelineListener[]): PipelineListener {
  return {
    onDetection: async (detection) => {
      for (const listener of listeners) await listener.onDetection?.(detection);
    },
    onOutcome: async (outcome) => {
      for (const listener of listeners) await listener.onOutcome?.(outcome);
    },
    onSample: (face, observed) => {
      for (const listener of listeners) listener.onSample?.(face, observed);
    },
    onSignal: (face, signal) => {
      for (const listener of listeners) listener.onSignal?.(face, signal);
    },
    onNoEvent: (reason, apexMs, face) => {
      for (const listener of listeners) listener.onNoEvent?.(reason, apexMs, face);
    },
    onLeave: (face) => {
      for (const listener of listeners) listener.onLeave?.(face);
    },
  };
}

import type { RequestControls } from "../../src/mqtt/requests/index.js";

/** Controls of a device that is none: everything can be done, and `done` says what was. */
export function fakeControls(changes: Partial<RequestControls> = {}): RequestControls & { readonly done: string[] } {
  const done: string[] = [];
  const session = {
    id: "6e0b8a52-8f0e-4c1c-9d0e-3f6f7a6f2b11",
    room: "room",
    subject: "P-17",
    consent: "form/17",
    purpose: "test",
    startedAt: "2024-01-01T00:00:00.000Z",
  };
  const { id, ...said } = session;
  return {
    done,
    status: () => ({ uptimeS: 1 }),
    diagnose: async () => [{ name: "node", status: "ok", detail: "20" }],
    restartPipeline: async () => void done.push("pipeline"),
    restartProcess: () => () => void done.push("process"),
    reloadModels: async () => ({ name: "hsta", version: "1", sha256: "ab".repeat(32), provider: "cpu" }),
    recalibrate: () => 2,
    startSession: async (wish) => ({ ...session, ...wish }),
    stopSession: async () => ({
      session: id,
      ...said,
      endedAt: "2024-01-01T00:01:00.000Z",
      durationS: 60,
      reason: "request",
      events: 0,
      labels: {},
      suppressed: {},
      timeline: { binS: 60, events: [0] },
      frames: { captured: 0, dropped: 0 },
      watched: 0,
      coverage: 0,
      interruptions: 0,
    }),
    ...changes,
  };
}

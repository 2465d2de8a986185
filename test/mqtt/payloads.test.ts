import t from "tap";
import { loadConfig } from "../../src/config/index.js";
import type { ReportedConfig } from "../../src/contract/config-reported.js";
import type { Info } from "../../src/contract/info.js";
import type { State } from "../../src/contract/state.js";
import { payloadSchemas } from "../../src/contract/topics.js";
import { conforms } from "../support/schemas.js";
import { sampleState as state } from "../support/state.js";

const at = "2024-01-01T00:00:00.000Z";

t.test("every payload conforms to its schema", async (t) => {
  const info = {
    schema: "flinch/info/1",
    device: "device",
    bootId: "boot",
    at,
    versions: { flinch: "0.1.0", node: "20", opencv: "4.6.0", onnxruntime: "1.30.0" },
    model: { name: "hsta", version: "1", sha256: "ab".repeat(32) },
    provider: "cpu",
    engine: null,
    purpose: "test",
    report: "valence",
    evidence: { content: "crop", purpose: "test", retentionDays: 7 },
    capabilities: ["micro_expression", "valence", "attention"],
    schemas: payloadSchemas,
  } satisfies Info;
  t.equal(conforms("info", info), "");
  t.not(conforms("info", { ...info, report: "all" }), "");
  t.not(conforms("info", { ...info, capabilities: ["event"] }), "");

  t.equal(conforms("state", state), "");
  t.not(conforms("state", { ...state, faces: { ...state.faces, tooSmall: -1 } }), "");
  t.not(conforms("state", { ...state, clips: {} }), "");
  t.equal(conforms("state", { ...state, board: null } satisfies State), "");
  t.not(conforms("state", { ...state, board: { ...state.board, throttled: "no" } }), "");
  t.not(conforms("state", { ...state, load: { ...state.load, step: "less" } }), "");
  const paused = {
    ...state,
    source: { ...state.source, status: "paused" as const },
    pauses: ["no_session" as const],
    session: null,
  };
  t.equal(conforms("state", paused satisfies State), "");

  const reported = {
    schema: "flinch/config_reported/1",
    bootId: "boot",
    at,
    config: loadConfig({}).config,
    desired: {
      version: 3,
      status: "refused",
      reason: "mqtt.url: is set on the device only",
      refused: [{ key: "mqtt.url", reason: "is set on the device only" }],
      superseded: [{ from: 1, to: 2 }],
      inForce: 2,
    },
    groups: {
      floor: { version: null, status: "refused", reason: "no JSON", refused: [], superseded: [], inForce: null },
      none: null,
    },
    restartRequired: [],
  } satisfies ReportedConfig;
  t.equal(conforms("config_reported", reported), "");
  t.not(conforms("config_reported", { ...reported, desired: { version: 1 } }), "");
});

import t from "tap";
import { keysByPath } from "../../src/config/paths.js";

const keys = [...keysByPath];
const remote = (effect: string) => keys.filter(([, key]) => key.remote && key.effect === effect).map(([path]) => path);

t.test("a remote key counts at once, or with another run of the pipeline", async (t) => {
  t.strictSame(remote("live"), [
    "device.room",
    "spotting.sensitivity",
    "spotting.minProbability",
    "spotting.threshold",
    "spotting.minMs",
    "spotting.maxMs",
    "spotting.refractoryMs",
    "spotting.blinkGate",
    "spotting.headMotionGate",
    "recognition.maxNone",
    "recognition.minEvidence",
    "recognition.minConfidence",
    "outbox.drainPerSecond",
    "log.level",
    "schedule.heartbeat",
    "board.shedLoad",
    "board.hotMarginC",
    "board.coolMarginC",
    "board.hotSeconds",
    "board.coolSeconds",
  ]);
  t.strictSame(remote("pipeline"), [
    "face.detectEveryMs",
    "face.landmarksEveryMs",
    "face.minScore",
    "face.minEyeDistancePx",
    "face.lostAfterMs",
    "spotting.method",
  ]);
  t.strictSame(remote("process"), []);
});

t.test("a local key is a run's where its section is, and the process's everywhere else", async (t) => {
  const ofRuns = /^(source|face|clip|spotting|recognition)\./;
  const local = keys.filter(([, key]) => !key.remote);
  for (const [path, { effect }] of local) t.equal(effect, ofRuns.test(path) ? "pipeline" : "process", path);
  t.equal(local.length, keys.length - 26);
});

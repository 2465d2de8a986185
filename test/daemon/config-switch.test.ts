import { once } from "node:events";
import t from "tap";
import { type Config, ConfigInForce, loadConfig } from "../../src/config/index.js";
import { keysByPath } from "../../src/config/paths.js";
import { effectOf } from "../../src/config/remote/index.js";
import { ConfigSwitch, type Configurable } from "../../src/daemon/config-switch.js";
import { PipelineSupervisor } from "../../src/daemon/pipeline-supervisor.js";

const configOf = (...argv: string[]) => loadConfig({ argv }).config;
const never = new AbortController().signal;
// A watch that is none keeps no process alive.
const alive = setInterval(() => undefined, 1000);
t.teardown(() => clearInterval(alive));

class Dummy implements Configurable {
  processed = 0;
  paused = false;
  status: "opening" | "streaming" | "lost" | "ended" = "streaming";
  constructor(readonly config: Config) {}
  sourceStats() {
    return { status: this.status };
  }
  async run(_signal: AbortSignal): Promise<void> {}
  stop(): void {}
  async close(): Promise<void> {}
}

function switching(config = configOf()) {
  const supervisor = {
    current: new Dummy(config),
    rescuing: false,
    refuses: undefined as string | undefined,
    replaced: [] as string[],
    begun: (_watch: Configurable, _config: Config): void => undefined,
    onBegin(listener: (watch: Configurable, config: Config) => void) {
      supervisor.begun = listener;
    },
    async replace(next: Config, reason: string) {
      await new Promise(setImmediate);
      if (supervisor.refuses !== undefined) throw new Error(supervisor.refuses);
      supervisor.replaced.push(reason);
      supervisor.current = new Dummy(next);
      supervisor.begun(supervisor.current, next);
    },
  };
  const followed: Config[] = [];
  const inForce = new ConfigInForce(config);
  inForce.onReplace((next) => void followed.push(next));
  return { supervisor, inForce, followed, it: new ConfigSwitch(supervisor, inForce) };
}

t.test("live keys reach the watch at work; others begin another", async (t) => {
  const { supervisor, inForce, followed, it } = switching();
  const first = supervisor.current;
  const live = configOf("--spotting.threshold=9", "--recognition.minEvidence=1", "--device.room=Blue");
  await it.apply(live);
  t.equal(supervisor.current, first);
  t.same([inForce.current, followed], [live, [live]]);
  const other = configOf("--face.minScore=0.4", "--device.room=Blue");
  await it.apply(other);
  t.match(supervisor.replaced, [/face\.minScore/]);
  t.equal(inForce.current, other);
  t.same(followed, [live, other]);
});

t.test("a live key that comes while a failed run is being replaced is in force after it", async (t) => {
  const [failing, good] = [configOf("--spotting.threshold=7"), configOf("--spotting.threshold=8")];
  const wanted = configOf("--spotting.threshold=9");
  const inForce = new ConfigInForce(failing);
  let opened: () => void = () => undefined;
  const rescued = new Promise<void>((resolve) => {
    opened = resolve;
  });
  const stop = new AbortController();
  const open = async (config: Config) => {
    if (config === good) await rescued;
    return new (class extends Dummy {
      private readonly stopped = new AbortController();
      override async run(signal: AbortSignal): Promise<void> {
        if (config === failing) throw new Error("the pipeline broke");
        const end = AbortSignal.any([signal, this.stopped.signal]);
        if (!end.aborted) await once(end, "abort");
      }
      override stop(): void {
        this.stopped.abort();
      }
    })(config);
  };
  const log = { info: () => undefined, error: () => undefined };
  const supervisor = await PipelineSupervisor.open<Dummy>(failing, { open, log, onFailure: async () => good });
  const it = new ConfigSwitch(supervisor, inForce);
  const running = supervisor.run(stop.signal);
  while (!supervisor.rescuing) await new Promise(setImmediate);
  const applied = it.apply(wanted);
  await new Promise(setImmediate);
  opened();
  await applied;
  while (supervisor.rescuing) await new Promise(setImmediate);
  t.equal(inForce.current, wanted);
  stop.abort();
  await running;
});

t.test("a configuration that cannot be opened changes nothing", async (t) => {
  const { supervisor, inForce, followed, it } = switching();
  const before = inForce.current;
  supervisor.refuses = "no model";
  await t.rejects(it.apply(configOf("--face.minScore=0.4")), /no model/);
  t.equal(inForce.current, before);
  t.same(followed, []);
});

t.test("a restart begins with the newest configuration, however the two are asked for", async (t) => {
  const { supervisor, it } = switching();
  const next = configOf("--face.minScore=0.4");
  await Promise.all([it.restart("one"), it.apply(next), it.restart("two")]);
  t.match(supervisor.replaced, ["one", /face\.minScore/, "two"]);
  t.equal(supervisor.current.config, next);
});

t.test("a change has proven itself with a frame, of whatever watch is at work", async (t) => {
  const { supervisor, it } = switching();
  supervisor.current.processed = 5;
  await it.apply(configOf("--device.room=Blue"));
  t.equal(await it.proven(30, never), false);
  supervisor.current.processed++;
  t.equal(await it.proven(10_000, never), true);

  supervisor.current.status = "streaming";
  await it.apply(configOf("--face.minScore=0.4"));
  t.equal(await it.proven(30, never), false);
  await it.restart("again");
  const proven = it.proven(10_000, never);
  supervisor.current.processed++;
  t.equal(await proven, true);
  const stop = new AbortController();
  await it.apply(configOf("--face.minScore=0.5"));
  const stopped = it.proven(10_000, stop.signal);
  stop.abort();
  t.equal(await stopped, false);
});

t.test("a camera that was away before is no reason to doubt a change", async (t) => {
  const { supervisor, it } = switching();
  t.equal(await it.proven(30, never), true, "nothing was changed");
  supervisor.current.processed = 5;
  supervisor.current.status = "lost";
  await it.apply(configOf("--face.minScore=0.4"));
  t.equal(await it.proven(30, never), true);
});

t.test("every remote key takes effect without another start of the process", async (t) => {
  const remote = [...keysByPath].filter(([, key]) => key.remote).map(([path]) => path);
  t.same(
    remote.filter((path) => effectOf(path) === "process"),
    [],
  );
  t.same(["outbox.directory", "mqtt.url", "clip.seconds", "log.level"].map(effectOf), [
    "process",
    "process",
    "pipeline",
    "live",
  ]);
});

t.test("no secret, path, model or purpose is remote, nor what guards remote configuration itself", async (t) => {
  const guarded =
    /file|directory|manifest|model$|uri|url|pipeline$|username|purpose|clientId|^remote\.|^state\.|^mqtt\.|groups|device\.id|recognition\.(report|attention)/i;
  for (const [path, key] of keysByPath) if (guarded.test(path)) t.notOk(key.remote, path);
  t.ok([...keysByPath.keys()].filter((path) => guarded.test(path)).length > 20);
});

t.test("where nothing is to be watched any more no frame is waited for", async (t) => {
  const { supervisor, it } = switching();
  supervisor.current.processed = 5;
  await it.apply(configOf("--face.minScore=0.4"));
  const proven = it.proven(60_000, never);
  supervisor.current.paused = true;
  t.equal(await proven, true);
});

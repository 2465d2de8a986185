import t from "tap";
import { loadConfig } from "../../src/config/index.js";
import { PipelineSupervisor, type Supervised } from "../../src/daemon/pipeline-supervisor.js";
import { Logs, until } from "../support/logs.js";

const { config } = loadConfig({});

/** Stands for a watch: runs until it is stopped, told to end or told to fail, and tells what happens to it. */
class Dummy implements Supervised {
  private settle: (() => void) | undefined;
  private break: ((reason: Error) => void) | undefined;
  private stopped = false;

  constructor(
    readonly name: number,
    private readonly told: string[],
  ) {}

  async run(signal: AbortSignal): Promise<void> {
    this.told.push(`${this.name} runs`);
    signal.addEventListener("abort", () => this.stop());
    if (!this.stopped && !signal.aborted) {
      await new Promise<void>((resolve, reject) => {
        this.settle = resolve;
        this.break = reject;
      });
    }
    this.told.push(`${this.name} ends`);
  }

  end(): void {
    this.settle?.();
  }

  fail(reason: string): void {
    this.break?.(new Error(reason));
  }

  stop(): void {
    this.stopped = true;
    this.end();
  }

  async close(): Promise<void> {
    this.told.push(`${this.name} closes`);
  }
}

async function keeping(onFailure?: () => Promise<typeof config | undefined>) {
  const told: string[] = [];
  const opened: Dummy[] = [];
  let refuse: string | undefined;
  const stop = new AbortController();
  const supervisor = await PipelineSupervisor.open<Dummy>(config, {
    log: new Logs(),
    open: async () => {
      await new Promise(setImmediate);
      if (refuse !== undefined) throw new Error(refuse);
      const watch = new Dummy(opened.length + 1, told);
      opened.push(watch);
      return watch;
    },
    ...(onFailure !== undefined && { onFailure }),
  });
  const begun: [Dummy, typeof config][] = [];
  supervisor.onBegin((watch, config) => void begun.push([watch, config]));
  const ended = supervisor.run(stop.signal).then(
    () => "ended",
    (reason: Error) => reason.message,
  );
  return { supervisor, told, opened, begun, stop, ended, refuse: (reason: string) => (refuse = reason) };
}

t.test("a watch follows the other, which is closed when it has ended", async (t) => {
  const { supervisor, told, opened, stop, ended } = await keeping();
  await Promise.all([supervisor.replace(config, "one"), supervisor.replace(config, "two")]);
  t.equal(supervisor.current, opened[2]);
  t.same(told, ["1 runs", "1 ends", "1 closes", "2 runs", "2 ends", "2 closes", "3 runs"]);
  stop.abort();
  t.equal(await ended, "ended");
  await supervisor.close();
  t.same(told.slice(7), ["3 ends", "3 closes"]);
  await t.rejects(supervisor.replace(config, "late"), /ending/);
});

t.test("every watch is told of as it begins, with the configuration that it was opened with", async (t) => {
  const { supervisor, opened, begun, stop, ended } = await keeping();
  const other = loadConfig({ argv: ["--device.room=Blue"] }).config;
  const replaced = supervisor.replace(other, "why");
  t.same(begun, [[opened[0], config]], "and not before");
  await replaced;
  t.same(begun.slice(1), [[opened[1], other]]);
  stop.abort();
  await ended;
  await supervisor.close();
});

t.test("what cannot be opened leaves the one at work alone", async (t) => {
  const { supervisor, told, opened, refuse, ended } = await keeping();
  refuse("no model");
  await t.rejects(supervisor.replace(config, "why"), /no model/);
  t.same(told, ["1 runs"]);
  opened[0]?.end();
  t.equal(await ended, "ended");
});

t.test("a source that ends while its successor is opened ends the daemon", async (t) => {
  const { supervisor, told, opened, ended } = await keeping();
  const replaced = t.rejects(supervisor.replace(config, "why"), /ending/);
  opened[0]?.end();
  t.equal(await ended, "ended");
  await replaced;
  await supervisor.close();
  t.same([...told].sort(), ["1 closes", "1 ends", "1 runs", "2 closes"].sort());
});

t.test("a failure is the daemon's, unless somebody has a configuration to go on with", async (t) => {
  const alone = await keeping();
  alone.opened[0]?.fail("broken");
  t.equal(await alone.ended, "broken");

  const answers = [config, undefined];
  const helped = await keeping(async () => answers.shift());
  helped.opened[0]?.fail("once");
  await until(() => helped.told.includes("2 runs"));
  t.same(helped.told, ["1 runs", "1 closes", "2 runs"]);
  helped.opened[1]?.fail("twice");
  t.equal(await helped.ended, "twice");
});

t.test("a failure while a successor is opened: the successor takes over all the same", async (t) => {
  const { supervisor, opened, told, stop, ended } = await keeping(async () => config);
  const replaced = supervisor.replace(config, "why");
  opened[0]?.fail("broken");
  await replaced;
  await until(() => told.at(-1)?.endsWith("runs") ?? false);
  stop.abort();
  t.equal(await ended, "ended");
  await supervisor.close();
  for (const { name } of opened) t.ok(told.includes(`${name} closes`), `${name}`);
});

import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Test } from "tap";
import { Flinch } from "../../support/cli.js";
import { EVERY_CANDIDATE, shortVideo } from "../../support/demo.js";
import { Random } from "../../support/random.js";
import { listenedBroker } from "./listener.js";
import { type Outcome, outcomeOf } from "./outcome.js";

/**
 * The whole daemon, camera to broker, is killed at a random point and started anew, again and again; the last one runs
 * to the end of its video. An event counts from when the daemon's log has it.
 */
export async function daemonKilled(t: Test, { kills, seed }: { kills: number; seed: number }): Promise<Outcome> {
  const random = new Random(seed);
  const { broker, received } = await listenedBroker(t);
  const directory = t.testdir();
  const video = await shortVideo(join(directory, "short.mp4"));
  const places = [`--outbox.directory=${join(directory, "outbox")}`, `--state.directory=${join(directory, "state")}`];
  const ids = new Map<number, string>();
  const daemonOn = (...more: string[]) => {
    const source = ["--source.kind=file", `--source.uri=${video}`, "--device.id=device", `--mqtt.url=${broker.url}`];
    return new Flinch(["run", ...source, ...places, ...EVERY_CANDIDATE, ...more]);
  };
  const take = ({ log }: Flinch) => {
    for (const { msg, sequence, id } of log) {
      if (msg !== "event") continue;
      if (ids.has(Number(sequence)) && ids.get(Number(sequence)) !== id) received.changed.add(Number(sequence));
      ids.set(Number(sequence), String(id));
    }
  };
  for (let kill = 0; kill < kills; kill++) {
    const daemon = daemonOn("--source.loop=true");
    t.teardown(() => daemon.dispose());
    // Every second one from its first event on, the others from their beginning on.
    await daemon.logged(kill % 2 === 0 ? /^event$/ : /^models ready$/);
    await sleep(random.uniform() * 3000);
    daemon.kill("SIGKILL");
    await daemon.ended;
    take(daemon);
  }
  const last = daemonOn();
  t.teardown(() => last.dispose());
  t.equal(await last.ended, 0);
  take(last);
  const raised = new Map<number, string>();
  for (const [sequence, id] of ids) {
    const arrived = received.first.get(sequence);
    const itself = arrived !== undefined && (JSON.parse(arrived) as { id: string }).id === id;
    if (arrived !== undefined && !itself) received.changed.add(sequence);
    raised.set(sequence, arrived ?? "");
  }
  return outcomeOf(`daemon killed ${kills} times`, raised, received);
}

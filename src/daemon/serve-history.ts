import { randomUUID } from "node:crypto";
import type { Config } from "../config/index.js";
import type { Log } from "../lib/log.js";
import { doAll } from "../lib/teardown.js";
import { ConsoleHost } from "./console-host.js";
import { openOutbox } from "./open-outbox.js";

/** A console without a daemon. */
export interface ServedHistory {
  readonly url: string;
  close(): Promise<void>;
}

/**
 * Shows what a daemon with this configuration has kept, while it does not run. Labels and deletions wait in its outbox
 * until it runs again.
 * @throws FlinchError OUTBOX_UNWRITABLE where a daemon is at work with it, HISTORY_UNWRITABLE, CONSOLE_UNAVAILABLE
 */
export async function serveHistory(config: Config, log: Log): Promise<ServedHistory> {
  const undo: (() => Promise<void> | void)[] = [];
  const close = () => doAll(undo.splice(0).reverse());
  try {
    const outbox = await openOutbox(config, log);
    undo.push(() => outbox.close());
    const host = await ConsoleHost.open({
      config,
      log,
      outbox,
      sender: { device: config.device.id, bootId: randomUUID() },
      sessionAt: () => null,
      regions: () => [],
      wallMs: (timeMs) => timeMs,
    });
    undo.push(() => host.close());
    const url = await host.serve();
    undo.push(() => host.stop());
    return { url, close };
  } catch (thrown) {
    await close();
    throw thrown;
  }
}

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Test } from "tap";
import type { EvidenceMessage, OutboundEvent } from "../../../src/contract/index.js";
import { type EvidenceOptions, writeKey } from "../../../src/evidence/index.js";
import { openHistory, raised } from "../../support/history.js";
import { Logs } from "../../support/logs.js";
import { openOutbox } from "../../support/outbox.js";
import { conforms } from "../../support/schemas.js";
import { greys } from "./pictures.js";

/** Clips over a real history and a real outbox, in a directory of their own. */
export async function openClips(t: Test, changes: Partial<EvidenceOptions["settings"]> = {}, state?: string) {
  const directory = mkdtempSync(join(tmpdir(), "flinch-clips-"));
  t.teardown(() => rmSync(directory, { recursive: true, force: true }));
  const keyFile = join(directory, "key");
  await writeKey(keyFile);
  const outboxDirectory = join(directory, "outbox");
  const stateDirectory = state ?? join(directory, "state");
  let wallMs = Date.now();
  const history = openHistory(outboxDirectory, { now: () => wallMs, uptime: () => wallMs });
  const outbox = await openOutbox(outboxDirectory);
  t.teardown(() => outbox.close());
  t.teardown(() => history.close());
  const log = new Logs();
  const options: EvidenceOptions = {
    settings: { enabled: true, what: "crop", retentionDays: 7, maxMb: 100, keyFile, encoder: "x264", ...changes },
    ...{ stateDirectory, outboxDirectory, outbox, log },
    events: history,
    sender: { device: "device", bootId: "boot" },
  };
  /** What subscribers would be told, oldest first. */
  const told = async (): Promise<EvidenceMessage[]> => {
    const found: OutboundEvent[] = [];
    for await (const { event } of outbox.pending()) found.push(event);
    const messages = found.filter((each) => each.schema === "flinch/evidence/1");
    for (const message of messages) t.equal(conforms("evidence", message), "");
    return messages;
  };
  /** An event of the history, and what shows it. */
  const footage = (number: number, session: string | null = null, frames = 30) => {
    const movement = raised(number, session);
    history.add(movement);
    const times = Array.from({ length: frames }, (_, i) => number * 1000 + i * 33.3);
    return { event: { id: movement.id, session }, side: 112, stills: greys(112, times) };
  };
  const passDays = (days: number) => {
    wallMs += days * 24 * 3600 * 1000;
  };
  const folder = join(stateDirectory, "evidence");
  return { directory, folder, keyFile, history, outbox, log, options, told, footage, passDays };
}

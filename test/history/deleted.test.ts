import { existsSync, mkdtempSync, readdirSync, renameSync, rmSync, statSync, unlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import t from "tap";
import { openHistory, raised, sampleExcerpt, sampleSession, withheld } from "../support/history.js";
import { Logs } from "../support/logs.js";

const losses: readonly [what: string, lose: (directory: string) => void][] = [
  ["the database is deleted", (directory) => unlinkSync(join(directory, "history.db"))],
  ["its log is deleted", (directory) => unlinkSync(join(directory, "history.db-wal"))],
  ["the whole folder is deleted", (directory) => rmSync(directory, { recursive: true })],
  [
    "another database takes its place",
    (directory) => {
      const foreign = openHistory(join(directory, "foreign"));
      foreign.add(withheld(400));
      foreign.close();
      renameSync(join(directory, "foreign", "history.db"), join(directory, "history.db"));
    },
  ],
];
for (const [what, lose] of losses) {
  t.test(`nothing is lost when ${what} while it is open`, async (t) => {
    const place = mkdtempSync(join(tmpdir(), "flinch-history-"));
    t.teardown(() => rmSync(place, { recursive: true }));
    const directory = join(place, "outbox");
    const log = new Logs();
    const history = openHistory(directory, { log });
    const session = sampleSession();
    history.beginSession(session);
    const [early, late] = [raised(1, session.id), withheld(2, session.id)];
    history.add(early);
    history.setExcerpt(early.id, sampleExcerpt());
    const label = history.label({ movement: early.id, reviewer: "a", decision: "real" });
    lose(directory);
    history.add(late);
    t.equal(log.count(/^error history: somebody deleted or replaced history\.db in .*made anew with the movements/), 1);
    t.equal(statSync(join(directory, "history.db")).mode & 0o777, 0o600);
    history.close();
    t.notOk(existsSync(join(directory, "history-new.db")));
    t.equal(existsSync(join(directory, "corrupt")), what.startsWith("another"), readdirSync(directory).join());
    const next = openHistory(directory);
    t.strictSame(next.movements({ limit: 9 }), [late, early]);
    t.strictSame(next.excerptOf(early.id), sampleExcerpt());
    t.strictSame(next.unsent(), [label]);
    t.match(next.session(session.id), { session, labelled: 1 });
    next.close();
  });
}

t.test("a database that was being made anew when the power went is finished at the next start", async (t) => {
  const directory = t.testdir();
  const history = openHistory(directory);
  const [one, two] = [withheld(1), withheld(2)];
  history.add(one);
  history.close();
  renameSync(join(directory, "history.db"), join(directory, "history-new.db"));
  const next = openHistory(directory);
  next.add(two);
  t.strictSame(next.movements({ limit: 9 }), [two, one]);
  t.notOk(existsSync(join(directory, "history-new.db")));
  next.close();
});

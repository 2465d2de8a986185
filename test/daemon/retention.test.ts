import { lstat, mkdir, readdir, symlink, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import t from "tap";
import { deleteExpired } from "../../src/daemon/retention.js";

const NOW_MS = Date.UTC(2026, 0, 31);
const DAY_S = 86_400;

async function aged(path: string, days: number, bytes = 10): Promise<void> {
  await writeFile(path, Buffer.alloc(bytes));
  const seconds = NOW_MS / 1000 - days * DAY_S;
  await utimes(path, seconds, seconds);
}

t.test("old files go, new ones stay, and nothing outside is touched", async (t) => {
  const root = t.testdir({ kept: { deep: {} }, outside: {}, linked: {} });
  const inside = join(root, "kept");
  await aged(join(inside, "old.json"), 31, 100);
  await aged(join(inside, "deep/old.json"), 400, 50);
  await aged(join(inside, "new.json"), 29);
  await aged(join(root, "outside/old.json"), 400);
  await symlink(join(root, "outside"), join(inside, "way-out"));
  await symlink(join(root, "outside/old.json"), join(inside, "old-link"));
  const directories = [inside, join(root, "not-there")];
  const report = await deleteExpired({ directories, days: 30, nowMs: NOW_MS });
  t.same(report, { deleted: 2, deletedBytes: 150, kept: 1, failures: [] });
  t.same((await readdir(inside)).sort(), ["deep", "new.json", "old-link", "way-out"]);
  t.ok((await lstat(join(root, "outside/old.json"))).isFile());
});

t.test("a directory that is itself a link is the operator's choice", async (t) => {
  const root = t.testdir({ real: {} });
  await aged(join(root, "real/old"), 2);
  await symlink(join(root, "real"), join(root, "link"));
  t.equal((await deleteExpired({ directories: [join(root, "link")], days: 1, nowMs: NOW_MS })).deleted, 1);
});

t.test("what cannot be read is told, and the rest is done", async (t) => {
  const root = t.testdir();
  await mkdir(join(root, "good"));
  await aged(join(root, "good/old"), 2);
  await writeFile(join(root, "file"), "");
  const directories = [join(root, "file"), join(root, "good")];
  const report = await deleteExpired({ directories, days: 1, nowMs: NOW_MS });
  t.equal(report.deleted, 1);
  t.match(report.failures, [/file: ENOTDIR/]);
});

import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import t, { type Test } from "tap";
import { hashPassword, roles, writeUser } from "../../src/console/index.js";
import { keepSession, keptEvent } from "../archive/support/kept-session.js";
import { Flinch, flinch } from "../support/cli.js";
import { openHistory, sampleSession } from "../support/history.js";
import { until } from "../support/logs.js";
import { sending } from "./support/room.js";

const NAMES = {
  "events.csv": "text/csv",
  "movements.csv": "text/csv",
  "labels.csv": "text/csv",
  "columns.csv": "text/csv",
  "session.json": "application/json",
  "events.parquet": "application/vnd.apache.parquet",
  "movements.parquet": "application/vnd.apache.parquet",
  "labels.parquet": "application/vnd.apache.parquet",
  "signals.parquet": "application/vnd.apache.parquet",
  "session.eaf": "application/xml",
  "session.srt": "application/x-subrip",
};

const dir = t.testdir();
const directory = join(dir, "outbox");
const history = openHistory(directory);
const { session } = keepSession(history);
history.add(keptEvent(null, 90_000));
const open = sampleSession(10);
history.beginSession(open);
const gone = sampleSession(20);
history.beginSession(gone);
history.deleteSession(gone.id, "ada", "request");
history.close();

const to = ["--to", "csv,json,parquet,eaf,srt", "--out", join(dir, "files"), `--outbox.directory=${directory}`];
const told = await flinch("export", session.id, "none", ...to);
t.same([told.status, told.output.length], [0, 2 * Object.keys(NAMES).length]);

type Ask = (path: string, init?: RequestInit) => Promise<Response>;

/** A console over the history, as a process of its own. */
async function served(t: Test, ...args: string[]): Promise<Ask> {
  const where = [`--outbox.directory=${directory}`, "--console.listen=127.0.0.1:0"];
  const serving = new Flinch(["console", "serve", ...where, ...args]);
  t.teardown(() => serving.dispose());
  await until(() => serving.output.length > 0, 30_000);
  const url = (serving.output[0] ?? "").replace("console on ", "");
  return (path, init) => fetch(new URL(path, url), init);
}

const bytesOf = async (response: Response): Promise<Buffer> => Buffer.from(await response.arrayBuffer());

/** Without the moment at which a document says that it was made. */
const dateless = (content: Buffer): string => content.toString("latin1").replace(/ DATE="[^"]*"/, "");

t.test("whoever sits at the machine gets every file, as the command line writes it", async (t) => {
  const ask = await served(t);
  const stems = [
    [session.id, `Room-3-east_2026-03-02T12-00-00Z_${session.id.slice(0, 8)}`],
    ["none", "Room-3-east_2026-03-02_no-session"],
  ] as const;
  for (const [id, stem] of stems) {
    for (const [name, type] of Object.entries(NAMES)) {
      const response = await ask(`/api/sessions/${id}/files/${name}`);
      t.equal(response.status, 200, name);
      t.match(response.headers.get("content-type"), type);
      const file = `${stem}.${name.replace(/^session\./, "")}`;
      t.equal(response.headers.get("content-disposition"), `attachment; filename="${file}"`);
      t.equal(response.headers.get("cache-control"), "no-store");
      t.equal(dateless(await bytesOf(response)), dateless(readFileSync(join(dir, "files", file))), file);
    }
  }

  t.test("what is not there is not found", async (t) => {
    const asked = async (path: string, status: number, why: string) =>
      t.equal((await ask(`/api/sessions/${path}`)).status, status, why);
    await asked(`${randomUUID()}/files/events.csv`, 404, "nobody knows this session");
    await asked(`${gone.id}/files/events.csv`, 404, "this one was deleted");
    for (const name of ["video.mp", "constructor.x", "json.json"])
      await asked(`${session.id}/files/${name}`, 404, `there is no ${name}`);
    for (const name of ["..%2f..%2fpasswd", "json", "events.csv%00", "EVENTS.CSV"])
      await asked(`${session.id}/files/${name}`, 400, `${name} is no name`);
    await asked("somewhere/files/events.csv", 400, "this is no session's id");
    for (const name of Object.keys(NAMES)) await asked(`${open.id}/files/${name}`, 200, "of nothing there are files");
  });
});

const PASSWORD = "correct horse battery";

t.test("a reviewer gets nobody else's labels, in no format; who operates gets all", async (t) => {
  const usersFile = join(dir, "users");
  const hash = await hashPassword(PASSWORD);
  for (const [i, role] of roles.entries())
    await writeUser(usersFile, { name: ["edsger", "grace", "ada"][i] ?? "", role, hash });
  const ask = await served(t, `--console.usersFile=${usersFile}`);
  const cookieOf = async (name: string) => {
    const response = await ask("/api/login", sending("POST", { name, password: PASSWORD }));
    return (response.headers.get("set-cookie") ?? "").split(";")[0] ?? "";
  };
  const [edsger, grace, ada] = [await cookieOf("edsger"), await cookieOf("grace"), await cookieOf("ada")];
  const file = (name: string, cookie: string) =>
    ask(`/api/sessions/${session.id}/files/${name}`, { headers: { cookie } });
  t.equal((await file("labels.csv", edsger)).status, 403);
  for (const name of Object.keys(NAMES)) {
    const text = (await bytesOf(await file(name, grace))).toString("latin1");
    for (const others of ["HYPERLINK", "reviewer ada", '"ada"', ",ada,"])
      t.notOk(text.includes(others), `${name}: ${others}`);
  }
  t.match(await (await file("labels.csv", grace)).text(), "grace,not_real");
  for (const name of ["labels.csv", "session.json", "session.eaf", "labels.parquet"]) {
    const text = (await bytesOf(await file(name, ada))).toString("latin1");
    t.ok(text.includes("HYPERLINK") && text.includes("grace"), name);
  }
});

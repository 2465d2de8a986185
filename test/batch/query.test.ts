import { readFileSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { flinch } from "../support/cli.js";
import { DEMO_VIDEO, EVERY_CANDIDATE } from "../support/demo.js";

t.setTimeout(400_000);

const dir = t.testdir({ "people.csv": "file,participant\nvideo.mp4,P1\n", empty: {} });
const results = join(dir, "results");
const wishes = ["--to", "parquet", "--signals", "--metadata", join(dir, "people.csv")];
const made = await flinch("analyze", DEMO_VIDEO, "--out", results, ...wishes, ...EVERY_CANDIDATE);
t.equal(made.status, 0, made.plain.join("\n"));

/** The rows of an answer, in CSV. */
async function ask(sql: string): Promise<string[][]> {
  const { status, output, plain } = await flinch("query", results, sql, "--csv");
  t.equal(status, 0, plain.join("\n"));
  return output.slice(1).map((line) => line.split(","));
}

t.test("what the docs ask, DuckDB answers", async (t) => {
  const page = readFileSync("docs/archives.md", "utf8");
  const questions = [...page.matchAll(/<!-- query -->\n```sql\n([^`]+)```/g)].map(([, sql = ""]) => sql);
  t.equal(questions.length, 5);
  for (const sql of questions) {
    const { status, output, plain } = await flinch("query", results, sql);
    t.same([status, plain], [0, []], sql);
    t.match(output[1], /^─+/);
    if (!sql.includes("coverage <")) t.ok(output.length > 2, `an answer to ${sql}`);
  }
});

t.test("the tables hold what the lines of JSON do", async (t) => {
  const lines = readFileSync(join(results, "video/events.ndjson"), "utf8").trim().split("\n");
  t.same(
    await ask("SELECT id, subject, results FROM events ORDER BY onset_ms"),
    lines.map((line) => [JSON.parse(line).id, "P1", "video"]),
  );
  t.same(await ask("SELECT results, video, events FROM recordings"), [["video", "video.mp4", String(lines.length)]]);
});

t.test("a question reaches no other file, and a wrong one says why", async (t) => {
  const refused = async (sql: string, message: RegExp, root = results) => {
    const { status, plain } = await flinch("query", root, sql);
    t.equal(status, 1);
    t.match(plain[0], message);
  };
  await refused("SELEC 1", /Parser Error.*\[QUERY_INVALID\]/);
  await refused("SELECT * FROM read_csv('/etc/passwd')", /\[QUERY_INVALID\]/);
  await refused(`COPY events TO '${join(dir, "stolen.csv")}'`, /\[QUERY_INVALID\]/);
  await refused("SELECT 1", /there are no results below.*\[RESULTS_UNREADABLE\]/, join(dir, "empty"));
});

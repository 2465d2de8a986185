/**
 * Is the second of two doctors' reports worse than the first? Says which checks fail that did not, and ends with 1.
 *
 *   node worse.mjs BEFORE AFTER        both as `flinch doctor --json` prints them; BEFORE may be empty
 */
function failuresIn(report) {
  const { checks } = JSON.parse(report);
  return new Map(checks.filter(({ status }) => status === "fail").map(({ name, detail }) => [name, detail]));
}

const [before, after] = process.argv.slice(2);
try {
  // A release that cannot say how it is has told enough; what the old one cannot say excuses nothing.
  const old = before ? failuresIn(before) : new Map();
  const worse = [...failuresIn(after)].filter(([name]) => !old.has(name));
  for (const [name, detail] of worse) console.error(` ! doctor: ${name}: ${detail}`);
  process.exitCode = worse.length === 0 ? 0 : 1;
} catch {
  console.error(` ! doctor: no report: ${after || "it did not run"}`);
  process.exitCode = 1;
}

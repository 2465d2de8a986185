import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import t from "tap";
import { parse } from "yaml";
import { DASHBOARD, RULES } from "./support/deployed.js";
import { promtoolMissing } from "./support/metrics.js";

interface Panel {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly description?: string;
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly datasource?: { readonly uid: string };
  readonly fieldConfig?: { readonly defaults: { readonly unit?: string } };
  readonly targets?: readonly { readonly expr: string; readonly refId: string }[];
}

interface Dashboard {
  readonly uid: string;
  readonly schemaVersion: number;
  readonly panels: readonly Panel[];
  readonly templating: { readonly list: readonly { readonly name: string; readonly type: string }[] };
}

const dashboard = JSON.parse(readFileSync(DASHBOARD, "utf8")) as Dashboard;
const shown = dashboard.panels.filter(({ type }) => type !== "row");

/** Two panels that lie on each other. */
function overlaps(panels: readonly Panel[]): string[] {
  return panels.flatMap((a, at) =>
    panels
      .slice(at + 1)
      .filter(({ gridPos: b }) => {
        const { x, y, w, h } = a.gridPos;
        return x < b.x + b.w && b.x < x + w && y < b.y + b.h && b.y < y + h;
      })
      .map((b) => `${a.title} and ${b.title}`),
  );
}

t.test("the dashboard has its rows, each panel once, and none on another", async (t) => {
  t.same(
    dashboard.panels.filter(({ type }) => type === "row").map(({ title }) => title),
    ["Seeing", "Finding", "Delivering", "Machine"],
  );
  const ids = dashboard.panels.map(({ id }) => id);
  t.equal(new Set(ids).size, ids.length);
  t.same(overlaps(dashboard.panels), []);
  for (const { title, gridPos } of dashboard.panels) t.ok(gridPos.x + gridPos.w <= 24, title);
  const [first] = shown;
  t.equal(overlaps(first === undefined ? [] : [first, first]).length, 1, "an overlap would be found");
});

t.test("every panel says what it shows, of the devices chosen, in a unit", async (t) => {
  t.same(
    dashboard.templating.list.map(({ name }) => name),
    ["source", "device"],
  );
  for (const { title, type, description, datasource, fieldConfig, targets = [] } of shown) {
    t.ok(description, `${title}: description`);
    t.equal(datasource?.uid, "$" + "{source}", `${title}: data source`);
    if (type !== "table") t.ok(fieldConfig?.defaults.unit, `${title}: unit`);
    t.ok(targets.length > 0, `${title}: queries`);
    t.equal(new Set(targets.map(({ refId }) => refId)).size, targets.length, `${title}: names of queries`);
    for (const { expr } of targets) {
      const selectors = [...expr.matchAll(/\bflinch_\w+(\{[^}]*\})?/g)].map(([, selector = ""]) => selector);
      for (const selector of selectors) t.match(selector, 'device=~"$device"', `${title}: ${expr}`);
    }
  }
});

const promtool = (...args: string[]) => {
  const { status, stdout, stderr } = spawnSync("promtool", args, { encoding: "utf8" });
  return { status, said: stdout + stderr };
};

t.test("promtool accepts configuration, rules and their tests", { skip: promtoolMissing() }, async (t) => {
  for (const args of [
    ["check", "config", "deploy/prometheus/prometheus.yml"],
    ["check", "rules", "--lint=all", "--lint-fatal", RULES],
    ["test", "rules", "deploy/prometheus/flinch.rules.test.yml"],
  ]) {
    const { status, said } = promtool(...args);
    t.equal(status, 0, `${args.join(" ")}: ${said}`);
  }
});

t.test("the dashboard's queries are PromQL", { skip: promtoolMissing() }, async (t) => {
  const rules = shown.flatMap(({ title, targets = [] }) =>
    targets.map(({ expr, refId }) => ({
      record: "flinch:check",
      labels: { panel: title, query: refId },
      expr: expr.replaceAll(/\$__(rate_interval|range|interval)/g, "5m").replaceAll("$device", ".+"),
    })),
  );
  const file = `${t.testdir()}/queries.yml`;
  const check = (all: object[]) => {
    writeFileSync(file, JSON.stringify({ groups: [{ name: "dashboard", rules: all }] }));
    return promtool("check", "rules", "--lint=none", file);
  };
  const { status, said } = check(rules);
  t.equal(status, 0, said);
  t.not(check([{ record: "flinch:check", expr: "rate(x" }]).status, 0, "an error would be found");
});

t.test("every alert is tested and documented, says how bad it is, and what to do", async (t) => {
  interface Rule {
    readonly alert: string;
    readonly labels: { readonly severity: string };
    readonly annotations: { readonly summary: string; readonly description: string };
  }
  const { groups } = parse(readFileSync(RULES, "utf8")) as { groups: { rules: Rule[] }[] };
  const tests = parse(readFileSync("deploy/prometheus/flinch.rules.test.yml", "utf8")) as {
    tests: { alert_rule_test: { alertname: string; exp_alerts: unknown[] }[] }[];
  };
  const fired = tests.tests
    .flatMap(({ alert_rule_test }) => alert_rule_test)
    .filter(({ exp_alerts }) => exp_alerts.length > 0)
    .map(({ alertname }) => alertname);
  const rules = groups.flatMap(({ rules }) => rules);
  const documented = [...readFileSync("docs/metrics.md", "utf8").matchAll(/^\| `(Flinch\w+)` \|/gm)];
  t.same(
    documented.map(([, name]) => name),
    rules.map(({ alert }) => alert),
  );
  for (const { alert, labels, annotations } of rules) {
    t.ok(fired.includes(alert), `${alert} fires in a test`);
    t.match(labels.severity, /^(warning|critical)$/, alert);
    t.ok(annotations.summary && annotations.description, alert);
  }
});

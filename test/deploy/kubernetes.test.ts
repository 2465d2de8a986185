import { execFile, spawnSync } from "node:child_process";
import { chmodSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import t from "tap";
import { parseAllDocuments } from "yaml";
import { NotFetched } from "../support/npm-package.js";
import { PYTHON } from "../support/python.js";
import { pythonPackages } from "../support/python-packages.js";

t.setTimeout(600_000);

const FOLDER = "deploy/kubernetes";
const files = readdirSync(FOLDER).filter((name) => name.endsWith(".yaml"));
const text = (name: string) => readFileSync(join(FOLDER, name), "utf8");

interface Container {
  readonly command: readonly string[];
  readonly args: readonly string[];
  readonly securityContext: object;
  readonly volumeMounts: readonly { readonly name: string; readonly readOnly?: boolean }[];
}
interface Manifest {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
  readonly spec: {
    readonly completions?: number;
    readonly podFailurePolicy?: { readonly rules: readonly object[] };
    readonly template?: { readonly spec: { readonly containers: readonly Container[] } };
  };
}
const manifests = files.flatMap((name) => parseAllDocuments(text(name)).map((each) => each.toJS() as Manifest));
const podOf = (name: string) => {
  const job = manifests.find(({ kind, metadata }) => kind === "Job" && metadata.name === name);
  const pod = job?.spec.template?.spec;
  const [container] = pod?.containers ?? [];
  if (job === undefined || pod === undefined || container === undefined) throw new Error(`there is no Job ${name}`);
  return { job, pod, container };
};

/** Kubernetes' own schemas, of the oldest release that has all of this switched on, and of a new one. */
const CHECK = `
import json, sys
import kubernetes_validate, yaml
bad = []
for path in sys.argv[1:]:
    for document in yaml.safe_load_all(open(path)):
        for release in ("1.29", "1.37"):
            try:
                kubernetes_validate.validate(document, release, strict=True)
            except Exception as thrown:
                bad.append(f"{path} {document['kind']} {release}: {type(thrown).__name__} {str(thrown)[:200]}")
print(json.dumps(bad))`;

t.test("the manifests are what Kubernetes' schemas allow, and nothing else", async (t) => {
  const packages = await pythonPackages(["kubernetes-validate==1.37.0"]).catch((thrown: unknown) => {
    if (thrown instanceof NotFetched) return thrown;
    throw thrown;
  });
  if (typeof packages !== "string") {
    t.fail("not tested", { skip: `not tested: ${packages.message}` });
    return;
  }
  const check = async (...paths: string[]) => {
    const env = { ...process.env, PYTHONPATH: packages };
    const { stdout } = await promisify(execFile)(PYTHON, ["-c", CHECK, ...paths], { env });
    return JSON.parse(stdout) as string[];
  };
  t.same(await check(...files.map((name) => join(FOLDER, name))), []);
  const misspelt = join(t.testdir(), "job.yaml");
  writeFileSync(misspelt, text("analyse.yaml").replace("backoffLimitPerIndex", "backOffLimitPerIndex"));
  t.match(await check(misspelt), [/Job 1\.29/, /Job 1\.37/], "and they would say so");
});

t.test("pods may change the results and nothing else, and speak to nobody", async (t) => {
  for (const name of ["flinch-analyse", "flinch-merge"]) {
    const { pod, container } = podOf(name);
    t.match(pod, {
      restartPolicy: "Never",
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      securityContext: { runAsNonRoot: true, runAsUser: 10001, seccompProfile: { type: "RuntimeDefault" } },
    });
    t.same(container.securityContext, {
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ["ALL"] },
    });
    for (const { name, readOnly = false } of container.volumeMounts) t.equal(readOnly, name === "recordings", name);
  }
  for (const { kind, metadata } of manifests) if (kind !== "Namespace") t.equal(metadata.namespace, "flinch", kind);
});

t.test("there are as many indexes as shards; what cannot be analysed is not tried again", async (t) => {
  const { job, container } = podOf("flinch-analyse");
  t.ok(container.args.includes(`--shard=auto/${job.spec.completions}`));
  t.match(job.spec, { completionMode: "Indexed", parallelism: job.spec.completions, backoffLimitPerIndex: 2 });
  t.match(job.spec.podFailurePolicy?.rules, [
    { action: "Ignore", onPodConditions: [{ type: "DisruptionTarget" }] },
    { action: "FailIndex", onExitCodes: { containerName: "flinch", operator: "In", values: [3] } },
  ]);
});

t.test("the program is where the image has it, and the tables are those of Slurm's merge", async (t) => {
  const dockerfile = readFileSync("container/Dockerfile", "utf8");
  const [node, program] = podOf("flinch-analyse").container.command;
  t.ok(dockerfile.includes(`"${node}", "${program}"`), "as in its entry point");
  const tables = (script: string) => [...script.matchAll(/^ *(table \w+ "[^"]*")/gm)].map(([, call]) => call);
  const merge = podOf("flinch-merge").container.args.join();
  t.ok(merge.includes(program ?? "?"));
  t.equal(tables(merge).length, 3);
  const flat = (calls: readonly (string | undefined)[]) => calls.map((call) => call?.replace(/\s+/g, " "));
  t.same(flat(tables(merge)), flat(tables(readFileSync("deploy/slurm/merge.sbatch", "utf8"))));
});

t.test("run.sh merges when the shards have ended, well or not, and says which", async (t) => {
  const dir = t.testdir();
  // The second time that it is asked, a Job has ended as the test wants.
  const fake = `#!/bin/bash
echo "$*" >>"${dir}/calls"
[[ "$1 $2" == "get job" && "$*" != *failedIndexes* ]] || exit 0
case "$(grep -c "^get job $3" "${dir}/calls")" in
  1) exit 1 ;;
  2) echo "$3 FailureTarget" ;;
  *) [[ "$GONE" == "$3" ]] || echo "$3 $([[ "$FAILS" == *"$3"* ]] && echo Failed || echo Complete)" ;;
esac`;
  writeFileSync(join(dir, "kubectl"), fake);
  chmodSync(join(dir, "kubectl"), 0o755);
  const run = (FAILS: string, GONE = "") => {
    writeFileSync(join(dir, "calls"), "");
    const env = { ...process.env, PATH: `${dir}:${process.env["PATH"]}`, POLL_SECONDS: "0", FAILS, GONE };
    const { status } = spawnSync(join(FOLDER, "run.sh"), { env, encoding: "utf8", timeout: 30_000 });
    const calls = readFileSync(join(dir, "calls"), "utf8").split("\n");
    return { status, applied: calls.flatMap((call) => [...call.matchAll(/[\w-]+\.yaml/g)].map(String)) };
  };
  const applied = ["namespace.yaml", "volumes.yaml", "analyse.yaml", "merge.yaml"];
  t.same(applied.toSorted(), files.toSorted(), "every manifest");
  t.same(run(""), { status: 0, applied });
  t.same(run("flinch-analyse"), { status: 3, applied });
  t.same(run("flinch-merge"), { status: 1, applied });
  t.same(run("", "flinch-analyse"), { status: 3, applied }, "a Job that somebody deletes is not waited for");
});

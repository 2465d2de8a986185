import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { freePort } from "../../support/free-port.js";
import { until } from "../../support/logs.js";

const run = promisify(execFile);

/**
 * A real Slurm with munge, whose only node is this machine, in a directory of its own. It needs root: munge refuses
 * directories that others could change, and slurmd starts jobs for whoever submits them.
 */
export class Slurm {
  readonly directory = mkdtempSync(join(tmpdir(), "flinch-slurm-"));
  private readonly daemons: (() => Promise<void>)[] = [];

  /** @param cpus what the node says that it has; tasks that wait need one each, too */
  static async start(cpus: number): Promise<Slurm> {
    const slurm = new Slurm();
    await slurm.launch(cpus);
    return slurm;
  }

  /** Where Slurm's commands find it. */
  get environment(): NodeJS.ProcessEnv {
    return { ...process.env, SLURM_CONF: this.at("slurm.conf") };
  }

  at(name: string): string {
    return join(this.directory, name);
  }

  /** Runs a command of Slurm's, or a script that does. */
  async command(command: string, args: readonly string[], environment: NodeJS.ProcessEnv = {}): Promise<string> {
    const { stdout } = await run(command, [...args], { env: { ...this.environment, ...environment } });
    return stdout;
  }

  /** What Slurm knows of a job, or of a task as JOB_TASK. */
  async job(id: string): Promise<Readonly<Record<string, string>>> {
    const said = await this.command("scontrol", ["--oneliner", "show", "job", id]);
    return Object.fromEntries([...said.matchAll(/(\w+)=(\S*)/g)].map(([, name = "", value = ""]) => [name, value]));
  }

  /** Kills the processes of a task as the kernel would, the shell that waits for them left. */
  async killProgram(id: string): Promise<void> {
    const { JobId = id } = await this.job(id);
    const pids = (await this.command("scontrol", ["listpids", JobId])).matchAll(/^(\d+) /gm);
    const killed = [...pids].filter(([, pid]) => pid !== undefined && isProgram(pid));
    if (killed.length === 0) throw new Error(`no process of ${id} runs`);
    for (const [, pid] of killed) process.kill(Number(pid), "SIGKILL");
  }

  async stop(): Promise<void> {
    await this.command("scancel", ["--user=root"]).catch(() => undefined);
    for (const stop of this.daemons.reverse()) await stop();
    rmSync(this.directory, { recursive: true, force: true });
  }

  private async launch(cpus: number): Promise<void> {
    for (const name of ["munge", "state", "spool"]) mkdirSync(this.at(name), { mode: 0o755 });
    const munge = (name: string) => this.at(`munge/${name}`);
    await run("mungekey", ["--create", `--keyfile=${munge("key")}`]);
    const files = { "key-file": "key", socket: "socket", "pid-file": "pid", "log-file": "log", "seed-file": "seed" };
    const options = Object.entries(files).map(([option, name]) => `--${option}=${munge(name)}`);
    this.spawn("munged", ["--foreground", "--force", ...options]);
    await until(() => existsSync(munge("socket")), 20_000);
    const host = hostname().split(".")[0] ?? "";
    const settings = [
      "ClusterName=flinch",
      `SlurmctldHost=${host}(127.0.0.1)`,
      `SlurmctldPort=${await freePort()}`,
      `SlurmdPort=${await freePort()}`,
      "SlurmUser=root",
      "SlurmdUser=root",
      // A requeued job waits until what its last run was allowed by has run out.
      `AuthInfo=socket=${munge("socket")},cred_expire=5`,
      `StateSaveLocation=${this.at("state")}`,
      `SlurmdSpoolDir=${this.at("spool")}`,
      `SlurmctldPidFile=${this.at("slurmctld.pid")}`,
      `SlurmdPidFile=${this.at("slurmd.pid")}`,
      "ProctrackType=proctrack/linuxproc",
      "TaskPlugin=task/none",
      "MpiDefault=none",
      "SelectType=select/cons_tres",
      "SelectTypeParameters=CR_CPU",
      "SlurmdParameters=config_overrides",
      "MinJobAge=3600",
      `NodeName=${host} NodeAddr=127.0.0.1 CPUs=${cpus} RealMemory=100000 State=UNKNOWN`,
      "PartitionName=all Nodes=ALL Default=YES MaxTime=INFINITE State=UP",
    ];
    writeFileSync(this.at("slurm.conf"), `${settings.join("\n")}\n`);
    this.spawn("slurmctld", ["-D", "-f", this.at("slurm.conf")]);
    this.spawn("slurmd", ["-D", "-f", this.at("slurm.conf")]);
    const idle = async () =>
      (await this.command("sinfo", ["--noheader", "--format=%t"]).catch(() => "")).trim() === "idle";
    await until(idle, 60_000);
  }

  private spawn(program: string, args: readonly string[]): void {
    const child = spawn(`/usr/sbin/${program}`, args, { stdio: "ignore", env: this.environment });
    const ended = once(child, "exit");
    this.daemons.push(async () => {
      child.kill("SIGTERM");
      await ended;
    });
  }
}

function isProgram(pid: string): boolean {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").includes("dist/main.js");
  } catch {
    return false;
  }
}

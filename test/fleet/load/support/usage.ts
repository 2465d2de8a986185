import { readdirSync, readFileSync } from "node:fs";

/** Processor seconds of a process so far, and its memory now; undefined where it is gone (proc(5)). */
function usageOf(pid: number): { readonly parent: number; readonly seconds: number; readonly mb: number } | undefined {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]?.split(" ") ?? [];
    const resident = Number(readFileSync(`/proc/${pid}/statm`, "utf8").split(" ")[1]) * 4096;
    const shared = Number(readFileSync(`/proc/${pid}/statm`, "utf8").split(" ")[2]) * 4096;
    const [parent, user, system] = [fields[1], fields[11], fields[12]].map(Number);
    // What processes share is counted for the first of them alone: PostgreSQL's buffers are many processes'.
    return { parent: parent ?? 0, seconds: ((user ?? 0) + (system ?? 0)) / 100, mb: (resident - shared) / 2 ** 20 };
  } catch {
    return undefined;
  }
}

/** What a part of the system takes: its processes come and go. */
export class Usage {
  private readonly seconds = new Map<number, number>();
  private peak = 0;

  /** Looks at these processes and their children now. */
  sample(roots: readonly (number | undefined)[]): void {
    const all = new Map(
      readdirSync("/proc")
        .filter((name) => /^\d+$/.test(name))
        .map((name) => [Number(name), usageOf(Number(name))] as const),
    );
    const its = new Set(roots.filter((pid) => pid !== undefined));
    for (let size = -1; size !== its.size; ) {
      size = its.size;
      for (const [pid, usage] of all) if (usage !== undefined && its.has(usage.parent)) its.add(pid);
    }
    let mb = 0;
    for (const pid of its) {
      const usage = all.get(pid);
      if (usage === undefined) continue;
      this.seconds.set(pid, usage.seconds);
      mb += usage.mb;
    }
    this.peak = Math.max(this.peak, mb);
  }

  /** Processor seconds of all that were seen. */
  get processorSeconds(): number {
    return [...this.seconds.values()].reduce((sum, seconds) => sum + seconds, 0);
  }

  /** Most memory at once that others do not share, in MiB. */
  get peakMb(): number {
    return Math.round(this.peak);
  }
}

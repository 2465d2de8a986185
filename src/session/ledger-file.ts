import { mkdir, open, readFile, rename } from "node:fs/promises";
import { join } from "node:path";
import { FlinchError, reasonOf } from "../errors.js";
import { Serial } from "../events/serial.js";
import type { Session } from "./session.js";
import type { TallyData } from "./tally.js";

/** What survives a restart: the open session, the day so far. */
export interface LedgerContent {
  readonly version: 1;
  readonly session: { readonly session: Session; readonly tally: TallyData } | null;
  readonly day: { readonly tally: TallyData; readonly sessions: number };
}

const NAME = "sessions.json";

/** The ledger's file in the state directory. Whoever reads it finds the old content or the new, never a part. */
export class LedgerFile {
  private readonly serial = new Serial();

  constructor(private readonly directory: string) {}

  /**
   * What was written last; undefined at a first start.
   * @throws FlinchError STATE_UNWRITABLE where the directory cannot be used; SyntaxError for a file that is none of ours
   */
  async read(): Promise<LedgerContent | undefined> {
    try {
      // It holds who sat here and when: nobody but the daemon's user reads it.
      await mkdir(this.directory, { recursive: true, mode: 0o700 });
      const content = JSON.parse(await readFile(this.path, "utf8")) as Partial<LedgerContent> | null;
      if (content?.version !== 1 || content.day === undefined) throw new SyntaxError("not a ledger");
      return content as LedgerContent;
    } catch (thrown) {
      if (thrown instanceof SyntaxError) throw thrown;
      if (thrown instanceof Error && "code" in thrown && thrown.code === "ENOENT") return undefined;
      throw unusable(this.directory, thrown);
    }
  }

  /** @throws FlinchError STATE_UNWRITABLE */
  write(content: () => LedgerContent): Promise<void> {
    return this.serial.run(async () => {
      try {
        await this.replace(JSON.stringify(content()));
      } catch (thrown) {
        throw unusable(this.directory, thrown);
      }
    });
  }

  /** Moves a file that cannot be read out of the way, for a person to look at. */
  async setAside(): Promise<void> {
    await rename(this.path, `${this.path}.corrupt`);
  }

  private get path(): string {
    return join(this.directory, NAME);
  }

  private async replace(text: string): Promise<void> {
    const temporary = `${this.path}.tmp`;
    const file = await open(temporary, "w", 0o600);
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, this.path);
  }
}

function unusable(directory: string, thrown: unknown): FlinchError {
  const message = `state.directory ${directory} cannot be used (${reasonOf(thrown)}); make it writable for this user, or set another`;
  return new FlinchError("STATE_UNWRITABLE", message, { cause: thrown });
}

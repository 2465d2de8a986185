import { join } from "node:path";
import type { Session } from "../contract/index.js";
import { whyDisk } from "../lib/disk.js";
import { DurableFile } from "../lib/durable-file.js";
import { FlinchError } from "../lib/errors.js";
import { Serial } from "../lib/serial.js";
import type { TallyData } from "./tally.js";

/** What survives a restart: the open session, the day so far. */
export interface SessionFileContent {
  readonly version: 1;
  readonly session: { readonly session: Session; readonly tally: TallyData } | null;
  readonly day: { readonly tally: TallyData; readonly sessions: number };
}

const NAME = "sessions.json";

/** The file of sessions in the state directory, for the daemon's user alone: it holds who sat here, and when. */
export class SessionFile {
  private readonly serial = new Serial();
  private readonly file: DurableFile;

  constructor(private readonly directory: string) {
    this.file = new DurableFile(join(directory, NAME));
  }

  /**
   * What was written last; undefined at a first start.
   * @throws FlinchError STATE_UNWRITABLE where the directory cannot be used; SyntaxError for a file that is none of ours
   */
  async read(): Promise<SessionFileContent | undefined> {
    const text = await this.usable(this.file.read());
    if (text === undefined) return undefined;
    const content = JSON.parse(text) as Partial<SessionFileContent> | null;
    if (content?.version !== 1 || content.day === undefined) throw new SyntaxError("not a file of sessions");
    return content as SessionFileContent;
  }

  /** @throws FlinchError STATE_UNWRITABLE */
  write(content: () => SessionFileContent): Promise<void> {
    return this.serial.run(() => this.usable(this.file.write(JSON.stringify(content()))));
  }

  /** Moves a file that cannot be read out of the way, for a person to look at. */
  async setAside(): Promise<void> {
    await this.usable(this.file.setAside());
  }

  private async usable<T>(work: Promise<T>): Promise<T> {
    const { directory } = this;
    return work.catch((cause: unknown) => {
      const message = `state.directory ${directory} cannot be used (${whyDisk(cause)}); make it writable for this user, or set another`;
      throw new FlinchError("STATE_UNWRITABLE", message, { cause });
    });
  }
}

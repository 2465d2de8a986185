import { opendir, realpath, stat } from "node:fs/promises";
import { extname, join, relative, resolve, sep } from "node:path";
import picomatch from "picomatch";
import { reasonOf } from "../lib/errors.js";

/** What a folder is searched for, unless somebody says otherwise. */
const VIDEOS = new Set(
  "3gp avi flv m2ts m4v mkv mov mp4 mpeg mpg mts mxf ogv ts webm wmv".split(" ").map((name) => `.${name}`),
);

/** A file that is to be analysed. */
export interface RecordingFile {
  readonly path: string;
  /** The folder in which it was found; undefined for one that was named itself. */
  readonly root: string | undefined;
  /** Path within that folder, or the file's name; "/" between its parts. */
  readonly place: string;
}

/** What could not be looked at, and why. */
export interface Unreadable {
  readonly path: string;
  readonly why: string;
}

export interface Found {
  /** In order of their places. */
  readonly files: readonly RecordingFile[];
  readonly unreadable: readonly Unreadable[];
}

export interface Selection {
  /** Glob patterns of places; missing for every extension of a video. A pattern without "/" is of the file's name. */
  readonly include?: readonly string[];
  readonly exclude?: readonly string[];
  /** A folder that is left out, wherever it lies: that of the results. */
  readonly but?: string;
}

/**
 * The recordings that files and folders stand for. Folders are searched with all that they hold, but for hidden files;
 * links to files are followed, links to folders are not, and no file comes twice. A file that is named is taken
 * whatever it is called.
 */
export async function findRecordings(paths: readonly string[], selection: Selection = {}): Promise<Found> {
  const files: RecordingFile[] = [];
  const unreadable: Unreadable[] = [];
  const seen = new Set<string>();
  const wanted = wantedBy(selection);
  const but = selection.but === undefined ? undefined : resolve(selection.but);

  const take = async (file: RecordingFile) => {
    const real = await realpath(file.path).catch(() => resolve(file.path));
    if (!seen.has(real)) files.push(file);
    seen.add(real);
  };
  const search = async (root: string, folder: string): Promise<void> => {
    if (resolve(folder) === but) return;
    const found: RecordingFile[] = [];
    const below: string[] = [];
    try {
      for await (const entry of await opendir(folder)) {
        if (entry.name.startsWith(".")) continue;
        const path = join(folder, entry.name);
        const place = relative(root, path).split(sep).join("/");
        if (entry.isDirectory()) below.push(path);
        else if (wanted(place) && (await isFile(path))) found.push({ path, root, place });
      }
    } catch (thrown) {
      unreadable.push({ path: folder, why: reasonOf(thrown) });
    }
    for (const file of found.sort(byPlace)) await take(file);
    for (const path of below.sort()) await search(root, path);
  };

  for (const path of paths) {
    const there = await stat(path).catch(() => undefined);
    // One that is not there fails like one that cannot be read: in its turn, and alone.
    if (there?.isDirectory() !== true) await take({ path, root: undefined, place: path.split(sep).at(-1) ?? path });
    else await search(path, path);
  }
  return { files, unreadable };
}

const byPlace = (a: RecordingFile, b: RecordingFile): number => (a.place < b.place ? -1 : 1);

/** A link may lead nowhere, or to a folder. */
const isFile = async (path: string): Promise<boolean> => (await stat(path).catch(() => undefined))?.isFile() === true;

function wantedBy({ include, exclude = [] }: Selection): (place: string) => boolean {
  const matcher = (patterns: readonly string[]) => {
    const each = patterns.map((pattern) => picomatch(pattern, { nocase: true, basename: !pattern.includes("/") }));
    return (place: string) => each.some((matches) => matches(place));
  };
  const included = include ? matcher(include) : (place: string) => VIDEOS.has(extname(place).toLowerCase());
  const excluded = matcher(exclude);
  return (place) => included(place) && !excluded(place);
}

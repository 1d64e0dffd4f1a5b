/** Finds the maildirs of filesystem radios, and the files in them in the order of their coming. */
import { messageOf } from "../../errors.ts";

/** Milliseconds between searches for maildirs that are new. */
const SEARCH_MS = 5000;
/** A maildir without files for this many milliseconds is looked at less often, */
const IDLE_MS = 60_000;
/** every this many milliseconds. */
const IDLE_PERIOD_MS = 10_000;
/** Files whose age is asked at once, and those of one maildir that are put in order together. */
const AT_ONCE = 16;
const MOST_ORDERED = 50_000;

export interface MailFile {
  path: string;
  /** Bytes. */
  size: number;
  /** Epoch milliseconds of its last change. */
  mtime: number;
}

/** A folder `new` with the files of one run. */
class Maildir {
  readonly path: string;
  /** Epoch milliseconds of the last look, and of the last one that found something. */
  looked = 0;
  found: number;
  /** Files in the order in which they are to be taken; the first is at the end. */
  readonly backlog: MailFile[] = [];

  constructor(path: string, now: number) {
    this.path = path;
    this.found = now;
  }

  isDue(now: number): boolean {
    return now - this.found < IDLE_MS || now - this.looked >= IDLE_PERIOD_MS;
  }
}

/** All maildirs at or below a folder. */
export class Maildirs {
  readonly #folder: string;
  readonly #say: (text: string) => void;
  readonly #maildirs = new Map<string, Maildir>();
  #searched = -Infinity;

  /** @param say is told of what cannot be read, in sentences; may be told again and again */
  constructor(folder: string, say: (text: string) => void) {
    this.#folder = folder.replace(/(?<=.)\/+$/, "");
    this.#say = say;
  }

  /**
   * The next files, at most so many, oldest first in each maildir; each maildir gets its turn.
   *
   * @param isFree tells files that may be taken from those that were
   * @param now epoch milliseconds
   */
  async next(count: number, isFree: (path: string) => boolean, now: number): Promise<MailFile[]> {
    if (now - this.#searched >= SEARCH_MS || this.#maildirs.size === 0) {
      await this.#search(now);
      this.#searched = now;
    }
    for (const maildir of this.#maildirs.values()) {
      if (maildir.backlog.length === 0 && maildir.isDue(now)) {
        await this.#look(maildir, isFree, now);
      }
    }
    const files: MailFile[] = [];
    const busy = [...this.#maildirs.values()].filter((maildir) => maildir.backlog.length > 0);
    for (let i = 0; i < busy.length && files.length < count; i++) {
      const share = Math.ceil((count - files.length) / (busy.length - i));
      const { backlog } = busy[i];
      files.push(...backlog.splice(-share).reverse());
    }
    return files.sort(byAge);
  }

  /** Takes files back that could not be used yet: they are the next ones again. */
  back(files: readonly MailFile[]): void {
    for (const file of files.toReversed()) {
      const folder = file.path.slice(0, file.path.lastIndexOf("/"));
      this.#maildirs.get(folder)?.backlog.push(file);
    }
  }

  async #search(now: number): Promise<void> {
    const found = new Set<string>();
    const here = this.#folder;
    if (here.endsWith("monitor-fs-radio") || await isFolder(`${here}/tmp`)) {
      if (await isFolder(`${here}/new`)) found.add(`${here}/new`);
    }
    if (await isFolder(`${here}/monitor-fs-radio/new`)) found.add(`${here}/monitor-fs-radio/new`);
    for (const name of await this.#names(here)) {
      const path = `${here}/${name}/monitor-fs-radio/new`;
      if (this.#maildirs.has(path) || await isFolder(path)) found.add(path);
    }
    for (const path of found) {
      if (!this.#maildirs.has(path)) this.#maildirs.set(path, new Maildir(path, now));
    }
    for (const path of this.#maildirs.keys()) {
      if (!found.has(path)) this.#maildirs.delete(path);
    }
  }

  async #look(maildir: Maildir, isFree: (path: string) => boolean, now: number): Promise<void> {
    maildir.looked = now;
    const names = await this.#names(maildir.path);
    const paths = names.map((name) => `${maildir.path}/${name}`).filter(isFree);
    paths.length = Math.min(paths.length, MOST_ORDERED);
    const files: MailFile[] = [];
    for (let at = 0; at < paths.length; at += AT_ONCE) {
      const some = await Promise.all(paths.slice(at, at + AT_ONCE).map((path) => this.#file(path)));
      for (const file of some) if (file) files.push(file);
    }
    if (files.length > 0) maildir.found = now;
    maildir.backlog.push(...files.sort((a, b) => byAge(b, a)));
  }

  /** Null for what is not a regular file: a pipe, for one, could be read for ever. */
  async #file(path: string): Promise<MailFile | null> {
    try {
      const info = await Deno.lstat(path);
      if (info.isFile) return { path, size: info.size, mtime: info.mtime?.getTime() ?? 0 };
      this.#say(`${path} is not a file, and is left alone.`);
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) this.#say(`${path}: ${messageOf(error)}`);
    }
    return null;
  }

  async #names(folder: string): Promise<string[]> {
    const names: string[] = [];
    try {
      for await (const { name } of Deno.readDir(folder)) names.push(name);
    } catch (error) {
      const absent = error instanceof Deno.errors.NotFound;
      const reason = absent ? "it is not there yet" : messageOf(error);
      this.#say(`The folder ${folder} cannot be read: ${reason}`);
    }
    return names;
  }
}

function byAge(a: MailFile, b: MailFile): number {
  return a.mtime - b.mtime || (a.path < b.path ? -1 : a.path > b.path ? 1 : 0);
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await Deno.stat(path)).isDirectory;
  } catch {
    return false;
  }
}

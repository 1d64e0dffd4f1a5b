/**
 * Finds the maildirs of filesystem radios, and the files in them in the order of their coming. A
 * mistyped folder may hold somebody's mail or thesis: only what is named as Parsl names it is looked
 * at, and no link is followed below the folder that was given.
 */
import { basename } from "node:path";
import { messageOf } from "../../errors.ts";
import { isAnothers } from "../own_file.ts";

/** Milliseconds between searches for maildirs that are new. */
const SEARCH_MS = 5000;
/** A maildir without files for this many milliseconds is looked at less often, */
const IDLE_MS = 60_000;
/** every this many milliseconds. */
const IDLE_PERIOD_MS = 10_000;
/** Files whose age is asked at once, and those of one maildir that are put in order together. */
const AT_ONCE = 16;
const MOST_ORDERED = 50_000;
/** What Parsl calls the maildir of a run. */
const RADIO = "monitor-fs-radio";
/** What Parsl calls a message: a random UUID. */
const NAME = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

export interface MailFile {
  path: string;
  /** Bytes. */
  size: number;
  /** Epoch milliseconds of its last change. */
  mtime: number;
  /** Which file it is, whatever it is called; null where the system does not tell. */
  ino: number | null;
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
    const add = async (radio: string) => {
      if (await isFolder(radio) && await isFolder(`${radio}/new`)) found.add(`${radio}/new`);
    };
    if (await isLink(here)) {
      this.#say(`The folder ${here} is a symbolic link: name the folder that it leads to.`);
    } else {
      if (basename(here) === RADIO) await add(here);
      else await add(`${here}/${RADIO}`);
      for (const { name, isDirectory } of await this.#entries(here)) {
        if (isDirectory && name !== RADIO) await add(`${here}/${name}/${RADIO}`);
      }
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
    // It may have become a link since it was found.
    if (!await isFolder(maildir.path)) return;
    const names = (await this.#entries(maildir.path)).map(({ name }) => name);
    const ours = names.filter((name) => NAME.test(name));
    if (ours.length < names.length) {
      this.#say(
        `Files in ${maildir.path} are not named as Parsl names messages, and are left alone.`,
      );
    }
    const owner = await ownerOf(maildir.path);
    const paths = ours.map((name) => `${maildir.path}/${name}`).filter(isFree);
    paths.length = Math.min(paths.length, MOST_ORDERED);
    const files: MailFile[] = [];
    for (let at = 0; at < paths.length; at += AT_ONCE) {
      const looks = paths.slice(at, at + AT_ONCE).map((path) => this.#file(path, owner));
      const some = await Promise.all(looks);
      for (const file of some) if (file) files.push(file);
    }
    if (files.length > 0) maildir.found = now;
    maildir.backlog.push(...files.sort((a, b) => byAge(b, a)));
  }

  /**
   * Null for what is not a regular file: a pipe, for one, could be read for ever. And for what
   * somebody else has put into the folder: nothing is signed here, so that its owner is the sender.
   */
  async #file(path: string, owner: number | null): Promise<MailFile | null> {
    try {
      const info = await Deno.lstat(path);
      if (!info.isFile) {
        this.#say(`${path} is not a file, and is left alone.`);
      } else if (isAnothers(info.uid) && info.uid !== owner) {
        this.#say(`${path} belongs to another user, and is left alone.`);
      } else {
        const { size, ino } = info;
        return { path, size, mtime: info.mtime?.getTime() ?? 0, ino };
      }
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) this.#say(`${path}: ${messageOf(error)}`);
    }
    return null;
  }

  async #entries(folder: string): Promise<Deno.DirEntry[]> {
    const entries: Deno.DirEntry[] = [];
    try {
      for await (const entry of Deno.readDir(folder)) entries.push(entry);
    } catch (error) {
      const absent = error instanceof Deno.errors.NotFound;
      const reason = absent ? "it is not there yet" : messageOf(error);
      this.#say(`The folder ${folder} cannot be read: ${reason}`);
    }
    return entries;
  }
}

function byAge(a: MailFile, b: MailFile): number {
  return a.mtime - b.mtime || (a.path < b.path ? -1 : a.path > b.path ? 1 : 0);
}

/** Whether a folder is there, and no link to one. */
async function isFolder(path: string): Promise<boolean> {
  return (await look(path))?.isDirectory ?? false;
}

async function isLink(path: string): Promise<boolean> {
  return (await look(path))?.isSymlink ?? false;
}

async function ownerOf(path: string): Promise<number | null> {
  return (await look(path))?.uid ?? null;
}

/** What is at a path, without following a link; null when there is nothing to be seen. */
async function look(path: string): Promise<Deno.FileInfo | null> {
  try {
    return await Deno.lstat(path);
  } catch {
    return null;
  }
}

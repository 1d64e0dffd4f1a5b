/** Takes the messages of Parsl's filesystem radio: files in maildirs, one for each run. */
import { Maildirs, type MailFile } from "./maildirs.ts";
import { isStill, putAside, readMail } from "./mail_file.ts";
import { messageOf } from "../../errors.ts";

/** Milliseconds between scans. */
const PERIOD_MS = 1000;
/** Milliseconds until a file that could not be read or removed is tried again. */
const PATIENCE_MS = 60_000;
/** Milliseconds that an empty file is given: network file systems may show it before its bytes. */
const FILLING_MS = 10_000;
/** Files that are read at once, and removed at once. */
const AT_ONCE = 8;
/** Files that wait for their commit or removal at most. */
const MOST_KNOWN = 100_000;
/** Faults that are remembered as said. */
const MOST_SAID = 1000;

export interface FsRadioOptions {
  /** A run's folder, its `monitor-fs-radio`, or a folder of many runs. May come later. */
  folder: string;
  /** Is given a file's path and bytes once; the bytes are the callee's. */
  take: (name: string, bytes: Uint8Array<ArrayBuffer>) => void;
  /** Is told once of a file that is too large to be taken, and stays where it is. */
  refuse: (name: string, reason: string, size: number) => void;
  /** Is told, in one sentence, of what a user may want to look into; of each thing once. */
  report: (text: string) => void;
  /** Milliseconds between scans; default 1000. */
  period?: number;
  /** Files that are taken in one scan; default 2000. */
  perScan?: number;
  /** Bytes of files that may wait for their commit; default 32 MiB. */
  maxWaiting?: number;
  /** Bytes of the largest file that is taken; default 64 MiB. */
  maxFile?: number;
}

/** Looks for files, gives them away, and removes them when they are committed. */
export class FsRadio {
  readonly #options: FsRadioOptions;
  readonly #maildirs: Maildirs;
  /** Files that were given away and are not committed. */
  readonly #waiting = new Map<string, MailFile>();
  /** Files that are not to be touched before a time (epoch milliseconds). */
  readonly #postponed = new Map<string, number>();
  /** Files that are committed and still there, and whether all of each was understood. */
  readonly #committed = new Map<string, { file: MailFile; understood: boolean }>();
  readonly #said = new Set<string>();
  #waitingBytes = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #scanning: Promise<number> | null = null;
  #removing: Promise<void> | null = null;
  #stopped = false;

  constructor(options: FsRadioOptions) {
    this.#options = options;
    this.#maildirs = new Maildirs(options.folder, (text) => this.#say(text));
  }

  /** Scans now, and again and again until `stop`. */
  start(): void {
    const { period = PERIOD_MS } = this.#options;
    const next = async () => {
      await this.scan();
      if (!this.#stopped) this.#timer = setTimeout(next, period);
    };
    next();
  }

  /**
   * Takes the files that are there, oldest first, as far as memory for them goes. Never throws.
   *
   * @returns how many were taken
   */
  scan(): Promise<number> {
    this.#scanning ??= this.#scan().finally(() => this.#scanning = null);
    return this.#scanning;
  }

  /**
   * A file's messages are committed: it is removed. One that was not understood, or only in part, is
   * put aside whole.
   */
  committed(name: string, understood: boolean): void {
    const file = this.#waiting.get(name);
    if (file === undefined) return;
    this.#waiting.delete(name);
    this.#waitingBytes -= file.size;
    this.#committed.set(name, { file, understood });
    this.#removing ??= this.#remove().finally(() => this.#removing = null);
  }

  /** Takes no more files; resolves when the scan that is under way has ended. */
  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.#scanning;
  }

  /** Resolves when what is committed is removed, as far as it can be. */
  async settled(): Promise<void> {
    while (this.#removing) await this.#removing;
  }

  async #scan(): Promise<number> {
    const { perScan = 2000 } = this.#options;
    this.#removing ??= this.#remove().finally(() => this.#removing = null);
    const now = Date.now();
    const isFree = (path: string) =>
      !this.#waiting.has(path) && !this.#committed.has(path) &&
      (this.#postponed.get(path) ?? 0) <= now;
    let taken = 0;
    if (this.#isFull) return 0;
    try {
      const files = await this.#maildirs.next(perScan, isFree, now);
      this.#forget(now);
      for (let at = 0; at < files.length; at += AT_ONCE) {
        if (this.#stopped || this.#isFull) {
          this.#maildirs.back(files.slice(at));
          break;
        }
        const some = files.slice(at, at + AT_ONCE);
        const read = await Promise.all(some.map((file) => this.#read(file)));
        for (let i = 0; i < read.length; i++) {
          const bytes = read[i];
          if (bytes === null) continue;
          this.#waiting.set(some[i].path, { ...some[i], size: bytes.length });
          this.#waitingBytes += bytes.length;
          this.#options.take(some[i].path, bytes);
          taken++;
        }
      }
    } catch (error) {
      this.#say(`The filesystem radio ${this.#options.folder} fails: ${messageOf(error)}`);
    }
    return taken;
  }

  get #isFull(): boolean {
    const { maxWaiting = 32 * 2 ** 20 } = this.#options;
    return this.#waitingBytes >= maxWaiting ||
      this.#waiting.size + this.#committed.size >= MOST_KNOWN;
  }

  /** The bytes of a file; null when it is not to be taken now. */
  async #read(file: MailFile): Promise<Uint8Array<ArrayBuffer> | null> {
    const { maxFile = 64 * 2 ** 20, refuse } = this.#options;
    const { path, size } = file;
    if (size > maxFile) {
      const reason = `the file has ${size} bytes; ${maxFile} are the limit`;
      this.#postponed.set(path, Infinity);
      refuse(path, reason, size);
      this.#say(`${path} is not taken, and stays where it is: ${reason}.`);
      return null;
    }
    try {
      const { bytes, mtime } = await readMail(file, maxFile);
      if (bytes.length > 0 || Date.now() - mtime > FILLING_MS) return bytes;
      this.#postponed.set(path, Date.now() + FILLING_MS / 10);
    } catch (error) {
      if (error instanceof Deno.errors.NotFound || (error as { code?: string }).code === "ENOENT") {
        this.#say(`Files vanish from ${folderOf(path)}: something else reads or removes them too.`);
      } else {
        this.#postponed.set(path, Date.now() + PATIENCE_MS);
        this.#say(`${path} cannot be read, and is tried again later: ${messageOf(error)}`);
      }
    }
    return null;
  }

  /** Removes what is committed. */
  async #remove(): Promise<void> {
    const now = Date.now();
    const due = [...this.#committed.keys()].filter((path) =>
      (this.#postponed.get(path) ?? 0) <= now
    );
    for (let at = 0; at < due.length; at += AT_ONCE) {
      await Promise.all(due.slice(at, at + AT_ONCE).map((path) => this.#removeOne(path)));
    }
    // More may have been committed meanwhile.
    if ([...this.#committed.keys()].some((path) => !this.#postponed.has(path))) {
      await this.#remove();
    }
  }

  async #removeOne(path: string): Promise<void> {
    const { file, understood } = this.#committed.get(path)!;
    try {
      // Another file may have taken its name.
      if (await isStill(file)) {
        if (understood) await Deno.remove(path);
        else await this.#putAside(path);
      }
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) {
        // It stays known as committed, so that it is not taken again.
        this.#postponed.set(path, Date.now() + PATIENCE_MS);
        const outcome = understood ? "written but cannot be removed" : "left where they are";
        this.#say(`Files of ${folderOf(path)} are ${outcome}: ${messageOf(error)}`);
        return;
      }
    }
    this.#committed.delete(path);
    this.#postponed.delete(path);
  }

  async #putAside(path: string): Promise<void> {
    const folder = await putAside(path);
    this.#say(
      `Messages in ${folderOf(path)} cannot be understood: they are moved, whole, to ${folder}; ` +
        "the quarantine file says why.",
    );
  }

  /** Forgets postponed files whose time has come; those too large stay. */
  #forget(now: number): void {
    for (const [path, until] of this.#postponed) {
      if (until <= now && !this.#committed.has(path)) this.#postponed.delete(path);
    }
  }

  #say(sentence: string): void {
    if (this.#said.has(sentence) || this.#said.size > MOST_SAID) return;
    this.#said.add(sentence);
    const isLast = this.#said.size > MOST_SAID;
    this.#options.report(
      isLast
        ? `More than ${MOST_SAID} such things were said of the filesystem radio ` +
          `${this.#options.folder}: further ones are not.`
        : sentence,
    );
  }
}

function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf("/"));
}

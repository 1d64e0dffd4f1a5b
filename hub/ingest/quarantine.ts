/** Messages that could not be decoded or placed are kept in a file, one JSON object per line. */
import { closeSync, fstatSync, ftruncateSync, readSync, renameSync } from "node:fs";
import { NotOurs, objectionTo, openOrMakeOwn, openOwn, writeAll } from "../own_file.ts";
import { messageOf } from "../../errors.ts";

/** Bytes of a message that are kept at most. */
const LONGEST_MESSAGE_BYTES = 65_536;
/** Characters of a source and of a reason that are kept at most. */
const LONGEST_TEXT = 2000;
/** Bytes of lines that are gathered before they are written. */
const BATCH_BYTES = 1 << 20;

/** What could not be decoded or placed. */
export interface Quarantined {
  /** Where it came from: `udp 10.0.0.1:4242`, `lane <client> #<n>` or `file <name>`. */
  source: string;
  reason: string;
  bytes: Uint8Array;
  /** Bytes of the whole message, where `bytes` is only its beginning. */
  size?: number;
  /** Epoch milliseconds; now by default. */
  at?: number;
}

export interface QuarantineOptions {
  /** Bytes of the file; the older one beside it has as many. Default 64 MiB. */
  limit?: number;
  /** Bytes that are kept in memory while the file cannot be written; default 8 MiB. */
  memory?: number;
  /** Is told when the file cannot be written, in a sentence; once until it can be or why changes. */
  report?: (sentence: string) => void;
}

/** The file that keeps what a database's hub could not place. */
export function quarantineFileOf(database: string): string {
  return `${database}.quarantine.jsonl`;
}

/**
 * Appends to the quarantine file, which is made when it is first needed, for its owner only. A full
 * file is renamed to `.1`, in place of an older one, whose lines count as dropped. Writing is
 * synchronous, and never throws.
 */
export class Quarantine {
  readonly path: string;
  readonly #limit: number;
  readonly #memory: number;
  readonly #report: (sentence: string) => void;
  #lines: Uint8Array[] = [];
  #bytes = 0;
  #dropped = 0;
  #problem = "";

  constructor(path: string, options: QuarantineOptions = {}) {
    this.path = path;
    this.#limit = options.limit ?? 64 * 2 ** 20;
    this.#memory = options.memory ?? 8 * 2 ** 20;
    this.#report = options.report ?? (() => {});
  }

  /** Messages that are not kept any more, or never were, for lack of room. */
  get dropped(): number {
    return this.#dropped;
  }

  /** Messages that are not in the file yet. */
  get waiting(): number {
    return this.#lines.length;
  }

  /** Why the file cannot be written, as a sentence; empty when it can. */
  get problem(): string {
    return this.#problem;
  }

  /** Keeps a message; it is in the file after the next `flush`. */
  add({ source, reason, bytes, size = bytes.length, at = Date.now() }: Quarantined): void {
    const text = JSON.stringify({
      at: new Date(at).toISOString(),
      source: beginning(source),
      reason: beginning(reason),
      bytes: bytes.subarray(0, LONGEST_MESSAGE_BYTES).toBase64(),
      size,
    });
    const line = new TextEncoder().encode(`${text}\n`);
    this.#lines.push(line);
    this.#bytes += line.length;
    if (this.#bytes < BATCH_BYTES && this.#bytes < this.#memory) return;
    if (this.#problem === "") this.flush();
    while (this.#bytes > this.#memory) {
      this.#bytes -= this.#lines.pop()!.length;
      this.#dropped++;
    }
  }

  /** Writes what waits; false when the file could not be written, as `problem` tells. */
  flush(): boolean {
    if (this.#lines.length === 0) return true;
    try {
      while (this.#lines.length > 0) this.#append();
      this.#problem = "";
      return true;
    } catch (error) {
      const message = messageOf(error);
      const problem = `The quarantine file ${this.path} cannot be written: ${message}`;
      if (problem !== this.#problem) this.#report(`${problem}.`);
      this.#problem = problem;
      return false;
    }
  }

  /** Writes as many lines as fit, after making room for one at least. */
  #append(): void {
    // Opened each time, for somebody may move the file away or remove it.
    let file = openOrMakeOwn(this.path, "append");
    try {
      let { size } = fstatSync(file);
      if (size > 0 && size + this.#lines[0].length > this.#limit) {
        closeSync(file);
        file = -1;
        this.#rotate();
        file = openOrMakeOwn(this.path, "append");
        size = 0;
      }
      const ended = size === 0 || endsLine(file, size);
      const parts: Uint8Array[] = ended ? [] : [new Uint8Array([0x0a])];
      let length = ended ? 0 : 1;
      let count = 0;
      for (const line of this.#lines) {
        if (count > 0 && (size + length + line.length > this.#limit || length > BATCH_BYTES)) break;
        parts.push(line);
        length += line.length;
        count++;
      }
      write(file, parts, length, size);
      for (const line of this.#lines.splice(0, count)) this.#bytes -= line.length;
    } finally {
      if (file >= 0) closeSync(file);
    }
  }

  /** Puts the file in the place of an older one of ours; what is not ours stays. */
  #rotate(): void {
    const older = `${this.path}.1`;
    const objection = objectionTo(older);
    if (objection !== null) throw new NotOurs(`${older} ${objection}; take it away`);
    const lost = countLines(older);
    renameSync(this.path, older);
    this.#dropped += lost;
  }
}

/** What is kept of a text, and that there was more of it. */
function beginning(text: string): string {
  return text.length > LONGEST_TEXT ? `${text.slice(0, LONGEST_TEXT)}…` : text;
}

/** Whether the file ends with a whole line; a hub that was killed may have left half of one. */
function endsLine(file: number, size: number): boolean {
  const last = new Uint8Array(1);
  return readSync(file, last, 0, 1, size - 1) === 1 && last[0] === 0x0a;
}

/** Appends all or nothing. */
function write(file: number, parts: Uint8Array[], length: number, size: number): void {
  const bytes = new Uint8Array(length);
  let end = 0;
  for (const part of parts) {
    bytes.set(part, end);
    end += part.length;
  }
  try {
    writeAll(file, bytes, null);
  } catch (error) {
    try {
      ftruncateSync(file, size);
    } catch {
      // The half line stays; the next one will begin on a line of its own.
    }
    throw error;
  }
}

function countLines(path: string): number {
  const file = openOwn(path, "read");
  if (file === null) return 0;
  try {
    const buffer = new Uint8Array(BATCH_BYTES);
    let lines = 0;
    for (;;) {
      const count = readSync(file, buffer, 0, buffer.length, null);
      if (count === 0) return lines;
      const part = buffer.subarray(0, count);
      for (let at = part.indexOf(0x0a); at !== -1; at = part.indexOf(0x0a, at + 1)) lines++;
    }
  } finally {
    closeSync(file);
  }
}

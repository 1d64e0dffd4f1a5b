/** Messages that could not be decoded or placed are kept in a file, one JSON object per line. */
import { otherThanFile } from "../../store/file_kind.ts";
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
  #lines: Uint8Array[] = [];
  #bytes = 0;
  #dropped = 0;
  #problem = "";

  constructor(path: string, options: QuarantineOptions = {}) {
    this.path = path;
    this.#limit = options.limit ?? 64 * 2 ** 20;
    this.#memory = options.memory ?? 8 * 2 ** 20;
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
      this.#problem = `The quarantine file ${this.path} cannot be written: ${message}`;
      return false;
    }
  }

  /** Writes as many lines as fit, after making room for one at least. */
  #append(): void {
    // Opened each time, for somebody may move the file away or remove it.
    let file = open(this.path);
    try {
      let size = file.statSync().size;
      if (size > 0 && size + this.#lines[0].length > this.#limit) {
        file.close();
        this.#rotate();
        file = open(this.path);
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
      close(file);
    }
  }

  #rotate(): void {
    const older = `${this.path}.1`;
    const lost = countLines(older);
    Deno.renameSync(this.path, older);
    this.#dropped += lost;
  }
}

/** What is kept of a text, and that there was more of it. */
function beginning(text: string): string {
  return text.length > LONGEST_TEXT ? `${text.slice(0, LONGEST_TEXT)}…` : text;
}

function open(path: string): Deno.FsFile {
  const pipe = pipeAt(path);
  if (pipe !== null) throw new Error(`it is ${pipe}; take it away`);
  return Deno.openSync(path, { read: true, append: true, create: true, mode: 0o600 });
}

/** What is at a path that would have us wait for another program; null for anything else. */
function pipeAt(path: string): string | null {
  try {
    const info = Deno.statSync(path);
    return info.isFifo || info.isSocket ? otherThanFile(info) : null;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}

function close(file: Deno.FsFile): void {
  try {
    file.close();
  } catch {
    // It was closed already.
  }
}

/** Whether the file ends with a whole line; a hub that was killed may have left half of one. */
function endsLine(file: Deno.FsFile, size: number): boolean {
  const last = new Uint8Array(1);
  file.seekSync(size - 1, Deno.SeekMode.Start);
  return file.readSync(last) === 1 && last[0] === 0x0a;
}

/** Appends all or nothing. */
function write(file: Deno.FsFile, parts: Uint8Array[], length: number, size: number): void {
  const bytes = new Uint8Array(length);
  let end = 0;
  for (const part of parts) {
    bytes.set(part, end);
    end += part.length;
  }
  try {
    for (let at = 0; at < length;) at += file.writeSync(bytes.subarray(at));
  } catch (error) {
    try {
      file.truncateSync(size);
    } catch {
      // The half line stays; the next one will begin on a line of its own.
    }
    throw error;
  }
}

function countLines(path: string): number {
  if (pipeAt(path) !== null) return 0;
  let file: Deno.FsFile;
  try {
    file = Deno.openSync(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return 0;
    throw error;
  }
  using _ = file;
  const buffer = new Uint8Array(BATCH_BYTES);
  let lines = 0;
  for (let count = file.readSync(buffer); count !== null; count = file.readSync(buffer)) {
    const part = buffer.subarray(0, count);
    for (let at = part.indexOf(0x0a); at !== -1; at = part.indexOf(0x0a, at + 1)) lines++;
  }
  return lines;
}

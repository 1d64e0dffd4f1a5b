/** A file that SQLite reads, and what it would have written to it. */
import { closeSync, constants, fstatSync, openSync, readSync } from "node:fs";

/** So much is read at once where reading goes on from where it ended. */
const AHEAD_BYTES = 64 * 1024;
/** What is written is kept in blocks: pages are made of them, whatever their size. */
const BLOCK_BYTES = 512;

/** An open file. What is written to it stays in memory, and ends with it. */
export class OpenFile {
  readonly #fd: number;
  /** What was read ahead, from `#from` on. */
  #ahead: Uint8Array | null = null;
  #from = 0;
  #filled = 0;
  /** Where the last reading ended. */
  #end = -1;
  #written: Map<number, Uint8Array> | null = null;
  #size: number | null = null;

  /** @throws {Error} when it cannot be opened, or is no file: a pipe could be read for ever */
  constructor(path: string) {
    this.#fd = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    if (fstatSync(this.#fd).isFile()) return;
    closeSync(this.#fd);
    throw new Error(`${path} is no file`);
  }

  /** Bytes of the file, with what was written. */
  get size(): number {
    return this.#size ?? fstatSync(this.#fd).size;
  }

  /** Reads `length` bytes from `at` on into memory; gives how many there were. */
  read(memory: Uint8Array, to: number, length: number, at: number): number {
    let got = this.#fromFile(memory, to, length, at);
    if (this.#written) got = this.#patch(memory, to, length, at, got);
    return got;
  }

  /** Keeps bytes as if they had been written. */
  write(memory: Uint8Array, from: number, length: number, at: number): void {
    this.#written ??= new Map();
    this.#size = Math.max(this.size, at + length);
    let done = 0;
    while (done < length) {
      const block = Math.floor((at + done) / BLOCK_BYTES);
      const start = at + done - block * BLOCK_BYTES;
      const part = Math.min(BLOCK_BYTES - start, length - done);
      let bytes = this.#written.get(block);
      if (!bytes) {
        bytes = new Uint8Array(BLOCK_BYTES);
        this.#fromFile(bytes, 0, BLOCK_BYTES, block * BLOCK_BYTES);
        this.#written.set(block, bytes);
      }
      bytes.set(memory.subarray(from + done, from + done + part), start);
      done += part;
    }
  }

  /** Cuts the file, as it is seen here. */
  truncate(size: number): void {
    this.#written ??= new Map();
    this.#size = size;
  }

  close(): void {
    closeSync(this.#fd);
  }

  #fromFile(memory: Uint8Array, to: number, length: number, at: number): number {
    const goesOn = at === this.#end;
    this.#end = at + length;
    const within = at - this.#from;
    if (this.#ahead && within >= 0 && within + length <= this.#filled) {
      memory.set(this.#ahead.subarray(within, within + length), to);
      return length;
    }
    if (!goesOn || length >= AHEAD_BYTES) return readAll(this.#fd, memory, to, length, at);
    this.#ahead ??= new Uint8Array(AHEAD_BYTES);
    this.#from = at;
    this.#filled = readAll(this.#fd, this.#ahead, 0, AHEAD_BYTES, at);
    const got = Math.min(length, this.#filled);
    memory.set(this.#ahead.subarray(0, got), to);
    return got;
  }

  #patch(memory: Uint8Array, to: number, length: number, at: number, got: number): number {
    const end = Math.min(length, Math.max(0, this.size - at));
    if (got < end) memory.fill(0, to + got, to + end);
    for (let done = 0; done < end;) {
      const block = Math.floor((at + done) / BLOCK_BYTES);
      const start = at + done - block * BLOCK_BYTES;
      const part = Math.min(BLOCK_BYTES - start, end - done);
      const bytes = this.#written!.get(block);
      if (bytes) memory.set(bytes.subarray(start, start + part), to + done);
      done += part;
    }
    return end;
  }
}

function readAll(fd: number, memory: Uint8Array, to: number, length: number, at: number): number {
  let got = 0;
  while (got < length) {
    const n = readSync(fd, memory, to + got, length - got, at + got);
    if (n === 0) break;
    got += n;
  }
  return got;
}

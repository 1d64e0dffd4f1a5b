/** A file of blocks, first in, first out, that outlives the program. */
import { closeSync, fstatSync, ftruncateSync, readSync, unlinkSync } from "node:fs";
import type { Signer } from "../signing/signer.ts";
import { openOrMakeOwn, openOwn, writeAll } from "../own_file.ts";

/** Datagrams in one buffer, as `PacketBatch` packs them. */
export interface SpillBlock {
  buffer: ArrayBuffer;
  /** Datagrams in it. */
  count: number;
  /** Epoch milliseconds when the first came. */
  at: number;
}

/** A block out of a file. */
export interface FoundBlock extends SpillBlock {
  /**
   * Its seal is right: it holds bodies that a hub with this key has verified. Otherwise its
   * datagrams are as good as any that come from the network.
   */
  sealed: boolean;
}

export interface SpillOptions {
  /** Bytes that the file may have. */
  limit: number;
  /** Seals blocks, so that nothing is believed that another has put into the file; null for none. */
  seal: Signer | null;
}

/** The file begins with this, and with the place of the first block that is not taken. */
const MAGIC = 0x504c5331;
const FILE_HEADER = 16;
/**
 * Before each block: a number, its length, its count, the length of its seal, and its time; then the
 * seal. Blocks with the file's own number are of a hub up to 0.1: datagrams as they came, no seal.
 */
const SEALED = 0x504c5332;
const BLOCK_HEADER = 24;
/** Bytes of the largest block; larger ones are no block of ours. */
const LARGEST_BLOCK_BYTES = 64 * 2 ** 20;

interface BlockHeader {
  /** Bytes of header and seal, and of the block itself. */
  before: number;
  length: number;
  count: number;
  at: number;
  isSealed: boolean;
}

/**
 * Blocks are appended at the end and taken from the beginning; when all are taken the file is cut
 * to nothing. How far they were taken is recorded by `close` only: after a crash all blocks since
 * the file was last empty come again, and none is lost.
 */
export class SpillFile {
  readonly #path: string;
  readonly #options: SpillOptions;
  /** A descriptor of `node:fs`; null while there is no file. */
  #file: number | null = null;
  #begin = FILE_HEADER;
  #end = FILE_HEADER;
  #count = 0;

  /** Finds what an earlier program left at `path`; throws when that cannot be read. */
  constructor(path: string, options: SpillOptions) {
    this.#path = path;
    this.#options = options;
    const file = openOwn(path, "update");
    if (file === null) return;
    this.#file = file;
    try {
      this.#find(fstatSync(file).size);
    } catch (error) {
      closeSync(file);
      throw error;
    }
  }

  /** Bytes of the blocks in the file. */
  get bytes(): number {
    return this.#end - this.#begin;
  }

  /** Datagrams in the file. */
  get count(): number {
    return this.#count;
  }

  /** Whether a block may be added without going beyond the limit. */
  hasRoom(block: SpillBlock): boolean {
    const seal = this.#options.seal?.size ?? 0;
    return this.#end + BLOCK_HEADER + seal + block.buffer.byteLength <= this.#options.limit;
  }

  /** Appends a block. Throws when it cannot, and the file is then as it was. */
  push(block: SpillBlock): void {
    this.#file ??= openOrMakeOwn(this.#path, "update");
    if (this.#end === FILE_HEADER) this.#writeBegin(FILE_HEADER);
    const { seal } = this.#options;
    const header = new DataView(new ArrayBuffer(BLOCK_HEADER));
    header.setUint32(0, seal === null ? MAGIC : SEALED);
    header.setUint32(4, block.buffer.byteLength);
    header.setUint32(8, block.count);
    header.setUint32(12, seal?.size ?? 0);
    header.setFloat64(16, block.at);
    const head = new Uint8Array(header.buffer);
    const body = new Uint8Array(block.buffer);
    let end = this.#end;
    try {
      for (const part of [head, seal?.sign(joined(head, body)) ?? new Uint8Array(), body]) {
        writeAll(this.#file, part, end);
        end += part.length;
      }
    } catch (error) {
      this.#cut(this.#end);
      throw error;
    }
    this.#end = end;
    this.#count += block.count;
  }

  /** Takes the oldest block; null when there is none. Throws when it cannot be read. */
  shift(): FoundBlock | null {
    if (this.bytes === 0) return null;
    const header = this.#header(this.#begin, this.#end);
    if (header === null) throw new Error(`${this.#path} is damaged`);
    const { before, length, count, at } = header;
    const body = this.#read(this.#begin + before, length);
    const sealed = header.isSealed && this.#isRight(this.#read(this.#begin, before), body);
    this.#begin += before + length;
    this.#count -= count;
    if (this.bytes === 0) this.clear();
    return { buffer: body.buffer, count, at, sealed };
  }

  /** Forgets all blocks. */
  clear(): void {
    this.#begin = this.#end = FILE_HEADER;
    this.#count = 0;
    this.#cut(0);
  }

  /** Leaves what is in the file to the next program; an empty file is removed. */
  close(): void {
    if (this.#file === null) return;
    try {
      if (this.bytes > 0) this.#writeBegin(this.#begin);
      else unlinkSync(this.#path);
    } finally {
      closeSync(this.#file);
      this.#file = null;
    }
  }

  /** Finds the blocks of an earlier program; a last one that it did not finish is cut off. */
  #find(size: number): void {
    if (size === 0) return;
    const view = size < FILE_HEADER ? null : new DataView(this.#read(0, FILE_HEADER).buffer);
    const begin = view?.getFloat64(8) ?? NaN;
    if (view?.getUint32(0) !== MAGIC || !(begin >= FILE_HEADER && begin <= size)) {
      throw new Error(`${this.#path} is not a spill file; take it away`);
    }
    this.#begin = this.#end = begin;
    for (;;) {
      const header = this.#header(this.#end, size);
      if (header === null) break;
      this.#end += header.before + header.length;
      this.#count += header.count;
    }
    if (this.bytes === 0) this.clear();
    else if (this.#end < size) this.#cut(this.#end);
  }

  /** The header at a place; null when no whole block is there before `size`. */
  #header(at: number, size: number): BlockHeader | null {
    if (at + BLOCK_HEADER > size) return null;
    const view = new DataView(this.#read(at, BLOCK_HEADER).buffer);
    const magic = view.getUint32(0);
    const length = view.getUint32(4);
    const isSealed = magic === SEALED;
    const before = BLOCK_HEADER + (isSealed ? view.getUint32(12) : 0);
    if (!isSealed && magic !== MAGIC || length > LARGEST_BLOCK_BYTES) return null;
    if (at + before + length > size) return null;
    return { before, length, count: view.getUint32(8), at: view.getFloat64(16), isSealed };
  }

  /** Whether the seal that follows a header fits. */
  #isRight(before: Uint8Array, body: Uint8Array): boolean {
    const { seal } = this.#options;
    const head = before.subarray(0, BLOCK_HEADER);
    return seal !== null && seal.open(joined(before.subarray(BLOCK_HEADER), head, body)) !== null;
  }

  #writeBegin(begin: number): void {
    const view = new DataView(new ArrayBuffer(FILE_HEADER));
    view.setUint32(0, MAGIC);
    view.setFloat64(8, begin);
    writeAll(this.#file!, new Uint8Array(view.buffer), 0);
  }

  #read(at: number, length: number): Uint8Array<ArrayBuffer> {
    const bytes = new Uint8Array(length);
    for (let done = 0; done < length;) {
      const read = readSync(this.#file!, bytes, done, length - done, at + done);
      if (read === 0) throw new Error(`${this.#path} ends too early`);
      done += read;
    }
    return bytes;
  }

  /** Cuts the file; what cannot be cut is written over by the next block. */
  #cut(size: number): void {
    try {
      if (this.#file !== null) ftruncateSync(this.#file, size);
    } catch {
      // Places are kept here, not taken from the file's size.
    }
  }
}

function joined(...parts: Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** A file of blocks, first in, first out, that outlives the program. */
import { otherThanFile } from "../../store/file_kind.ts";

/** Datagrams in one buffer, as `PacketBatch` packs them. */
export interface SpillBlock {
  buffer: ArrayBuffer;
  /** Datagrams in it. */
  count: number;
  /** Epoch milliseconds when the first came. */
  at: number;
}

/** The file begins with this, and with the place of the first block that is not taken. */
const MAGIC = 0x504c5331;
const FILE_HEADER = 16;
/** Before each block: the same number, its length, its count, and its time. */
const BLOCK_HEADER = 24;

/**
 * Blocks are appended at the end and taken from the beginning; when all are taken the file is cut
 * to nothing. How far they were taken is recorded by `close` only: after a crash all blocks since
 * the file was last empty come again, and none is lost.
 */
export class SpillFile {
  readonly #path: string;
  #file: Deno.FsFile | null = null;
  #begin = FILE_HEADER;
  #end = FILE_HEADER;
  #count = 0;

  /** Finds what an earlier program left at `path`; throws when that cannot be read. */
  constructor(path: string) {
    this.#path = path;
    try {
      const info = Deno.statSync(path);
      if (info.isFifo || info.isSocket) {
        throw new Error(
          `${path} is ${otherThanFile(info)}, and nothing can wait there; take it away`,
        );
      }
      this.#file = Deno.openSync(path, { read: true, write: true });
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return;
      throw error;
    }
    try {
      this.#find(this.#file.statSync().size);
    } catch (error) {
      this.#file.close();
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

  /** Appends a block. Throws when it cannot, and the file is then as it was. */
  push(block: SpillBlock): void {
    if (this.#file === null) {
      const options = { read: true, write: true, create: true, mode: 0o600 };
      this.#file = Deno.openSync(this.#path, options);
    }
    if (this.#end === FILE_HEADER) this.#writeBegin(FILE_HEADER);
    const header = new DataView(new ArrayBuffer(BLOCK_HEADER));
    header.setUint32(0, MAGIC);
    header.setUint32(4, block.buffer.byteLength);
    header.setUint32(8, block.count);
    header.setFloat64(16, block.at);
    try {
      this.#write(this.#end, new Uint8Array(header.buffer));
      this.#write(this.#end + BLOCK_HEADER, new Uint8Array(block.buffer));
    } catch (error) {
      this.#cut(this.#end);
      throw error;
    }
    this.#end += BLOCK_HEADER + block.buffer.byteLength;
    this.#count += block.count;
  }

  /** Takes the oldest block; null when there is none. Throws when it cannot be read. */
  shift(): SpillBlock | null {
    if (this.bytes === 0) return null;
    const header = this.#header(this.#begin, this.#end);
    if (header === null) throw new Error(`${this.#path} is damaged`);
    const buffer = this.#read(this.#begin + BLOCK_HEADER, header.length).buffer;
    this.#begin += BLOCK_HEADER + header.length;
    this.#count -= header.count;
    if (this.bytes === 0) this.clear();
    return { buffer, count: header.count, at: header.at };
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
      else if (this.#file.statSync().isFile) Deno.removeSync(this.#path);
    } finally {
      this.#file.close();
      this.#file = null;
    }
  }

  /** Finds the blocks of an earlier program; a last one that it did not finish is cut off. */
  #find(size: number): void {
    if (size < FILE_HEADER) return;
    const view = new DataView(this.#read(0, FILE_HEADER).buffer);
    const begin = view.getFloat64(8);
    if (view.getUint32(0) !== MAGIC || !(begin >= FILE_HEADER && begin <= size)) {
      throw new Error(`${this.#path} is not a spill file`);
    }
    this.#begin = this.#end = begin;
    for (;;) {
      const header = this.#header(this.#end, size);
      if (header === null) break;
      this.#end += BLOCK_HEADER + header.length;
      this.#count += header.count;
    }
    if (this.bytes === 0) this.clear();
    else if (this.#end < size) this.#cut(this.#end);
  }

  /** The header at a place; null when no whole block is there before `size`. */
  #header(at: number, size: number): { length: number; count: number; at: number } | null {
    if (at + BLOCK_HEADER > size) return null;
    const view = new DataView(this.#read(at, BLOCK_HEADER).buffer);
    const length = view.getUint32(4);
    if (view.getUint32(0) !== MAGIC || at + BLOCK_HEADER + length > size) return null;
    return { length, count: view.getUint32(8), at: view.getFloat64(16) };
  }

  #writeBegin(begin: number): void {
    const view = new DataView(new ArrayBuffer(FILE_HEADER));
    view.setUint32(0, MAGIC);
    view.setFloat64(8, begin);
    this.#write(0, new Uint8Array(view.buffer));
  }

  #write(at: number, bytes: Uint8Array): void {
    this.#file!.seekSync(at, Deno.SeekMode.Start);
    for (let done = 0; done < bytes.length;) done += this.#file!.writeSync(bytes.subarray(done));
  }

  #read(at: number, length: number): Uint8Array<ArrayBuffer> {
    const bytes = new Uint8Array(length);
    this.#file!.seekSync(at, Deno.SeekMode.Start);
    for (let done = 0; done < length;) {
      const read = this.#file!.readSync(bytes.subarray(done));
      if (read === null) throw new Error(`${this.#path} ends too early`);
      done += read;
    }
    return bytes;
  }

  /** Cuts the file; what cannot be cut is written over by the next block. */
  #cut(size: number): void {
    try {
      this.#file?.truncateSync(size);
    } catch {
      // Places are kept here, not taken from the file's size.
    }
  }
}

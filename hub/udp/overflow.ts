/** Blocks of datagrams that wait: in memory, and on disk when memory for them is used up. */
import { type FoundBlock, type SpillBlock, SpillFile } from "./spill_file.ts";
import type { Signer } from "../signing/signer.ts";

export interface OverflowOptions {
  /** Bytes of blocks kept in memory at most. */
  memoryLimit: number;
  /** The file for the rest; null to have none and drop the rest. */
  spillPath: string | null;
  /** Bytes that the file may have. */
  spillLimit: number;
  /** Seals what is in the file. */
  seal: Signer | null;
}

/**
 * First in, first out. Memory holds the older blocks and the file the newer ones; blocks of an
 * earlier program come first. Only when the file is full, newer ones may come before those in it.
 * Never throws: what cannot be kept is counted in `dropped`.
 */
export class Overflow {
  readonly #options: OverflowOptions;
  #file: SpillFile | null = null;
  #blocks: SpillBlock[] = [];
  /** Place in `#blocks` of the oldest one not taken. */
  #first = 0;
  #memoryBytes = 0;
  #memoryCount = 0;
  #dropped = 0;
  /** What was wrong with the file last; empty while nothing was. */
  problem = "";

  constructor(options: OverflowOptions) {
    this.#options = options;
    if (options.spillPath === null) return;
    try {
      this.#open();
    } catch (error) {
      this.problem = (error as Error).message;
    }
  }

  /** Bytes of the blocks in memory. */
  get memoryBytes(): number {
    return this.#memoryBytes;
  }

  /** Bytes of the blocks on disk. */
  get diskBytes(): number {
    return this.#file?.bytes ?? 0;
  }

  /** Datagrams that wait. */
  get count(): number {
    return this.#memoryCount + (this.#file?.count ?? 0);
  }

  /** Datagrams that could not be kept. */
  get dropped(): number {
    return this.#dropped;
  }

  get isEmpty(): boolean {
    return this.#memoryCount === 0 && this.diskBytes === 0;
  }

  push(block: SpillBlock): void {
    const fits = this.#memoryBytes + block.buffer.byteLength <= this.#options.memoryLimit;
    const inMemory = fits && (this.diskBytes === 0 || this.#file?.hasRoom(block) === false);
    if (!inMemory) return this.#spill(block);
    this.#blocks.push(block);
    this.#memoryBytes += block.buffer.byteLength;
    this.#memoryCount += block.count;
  }

  /** Takes the oldest block; null when none waits. */
  shift(): FoundBlock | null {
    const block = this.#shiftMemory();
    if (block !== null) return { ...block, sealed: true };
    if (this.#file === null) return null;
    try {
      return this.#file.shift();
    } catch (error) {
      this.problem = (error as Error).message;
      this.#dropped += this.#file.count;
      this.#file.clear();
      return null;
    }
  }

  /**
   * Puts all that waits into the file, for the next program. Blocks from memory come behind those
   * that are in the file already.
   */
  close(): void {
    for (let block = this.#shiftMemory(); block !== null; block = this.#shiftMemory()) {
      this.#spill(block);
    }
    try {
      this.#file?.close();
    } catch (error) {
      this.problem = (error as Error).message;
    }
  }

  #shiftMemory(): SpillBlock | null {
    if (this.#first === this.#blocks.length) return null;
    const block = this.#blocks[this.#first++];
    this.#memoryBytes -= block.buffer.byteLength;
    this.#memoryCount -= block.count;
    // Cut off in large pieces, so that taking is cheap however long the queue is.
    if (this.#first === this.#blocks.length || this.#first >= 256) {
      this.#blocks = this.#blocks.slice(this.#first);
      this.#first = 0;
    }
    return block;
  }

  /** The file; tried again where it could not be opened before. */
  #open(): SpillFile {
    const { spillPath, spillLimit, seal } = this.#options;
    if (spillPath === null) throw new Error("there is no spill file");
    return this.#file ??= new SpillFile(spillPath, { limit: spillLimit, seal });
  }

  #spill(block: SpillBlock): void {
    try {
      const file = this.#open();
      if (!file.hasRoom(block)) {
        const { spillPath, spillLimit } = this.#options;
        throw new Error(
          `${spillPath} has reached its limit of ${Math.round(spillLimit / 2 ** 20)} MiB ` +
            "(--spill-limit), and datagrams that find no room are dropped",
        );
      }
      file.push(block);
      this.problem = "";
    } catch (error) {
      this.problem = (error as Error).message;
      this.#dropped += block.count;
    }
  }
}

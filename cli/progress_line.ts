import { printable } from "../printable.ts";

/** Work that takes less than this is not spoken of, in ms. */
const PATIENCE_MS = 1000;
/** How often the line is rewritten, in ms. */
const EVERY_MS = 100;
/** Characters of what is being done that are shown. */
const LONGEST_WHAT = 100;

/** Where a {@link ProgressLine} is written. */
export interface Terminal {
  isTerminal(): boolean;
  writeSync(bytes: Uint8Array): number;
}

/** One line of a terminal that tells how far some work is; elsewhere it says nothing. */
export class ProgressLine {
  readonly #terminal: Terminal;
  readonly #what: string;
  readonly #now: () => number;
  readonly #began: number;
  #shown = -Infinity;

  /**
   * @param what what is being done, such as `Exporting climate`
   * @param now a clock, in ms
   */
  constructor(terminal: Terminal, what: string, now = () => performance.now()) {
    this.#terminal = terminal;
    this.#what = printable(what.slice(0, LONGEST_WHAT));
    this.#now = now;
    this.#began = now();
  }

  /** @param share how much has been done, from 0 to 1 */
  update(share: number): void {
    const now = this.#now();
    if (now - this.#began < PATIENCE_MS || now - this.#shown < EVERY_MS) return;
    if (!this.#terminal.isTerminal()) return;
    this.#shown = now;
    this.#write(`\r\x1b[K${this.#what}: ${Math.floor(share * 100)} %`);
  }

  /** Takes the line away. */
  clear(): void {
    if (this.#shown > -Infinity) this.#write("\r\x1b[K");
    this.#shown = -Infinity;
  }

  #write(text: string): void {
    try {
      this.#terminal.writeSync(new TextEncoder().encode(text));
    } catch {
      // Who read it is gone: the work goes on.
    }
  }
}

/** The line of some work on standard error. */
export function progressLine(what: string): ProgressLine {
  return new ProgressLine(Deno.stderr, what);
}

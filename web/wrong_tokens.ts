/** Wrong tokens are answered one after the other, so that guessing takes for ever. */

/** Milliseconds from one answer to the next. */
const PACE_MS = 500;
/** So many wait for their answer; more are sent away at once. */
const MOST_WAITING = 16;

/** The line in which wrong tokens wait. Right ones never come here. */
export class WrongTokens {
  readonly #paceMs: number;
  #waiting = 0;
  #last: Promise<void> = Promise.resolve();

  constructor(paceMs = PACE_MS) {
    this.#paceMs = paceMs;
  }

  /** Waits for its turn; false at once when too many do. */
  async turn(): Promise<boolean> {
    if (this.#waiting >= MOST_WAITING) return false;
    this.#waiting++;
    const pause = () => new Promise<void>((resolve) => setTimeout(resolve, this.#paceMs));
    this.#last = this.#last.then(pause);
    await this.#last;
    this.#waiting--;
    return true;
  }
}

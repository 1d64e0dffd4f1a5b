/** Values that are worked on in one go: also the length of a block in the packed form. */
export const BLOCK = 65_536;

/** Lets all that waits have its turn. */
export function timerTurn(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}

/** Long work in pieces, with turns for others between them. */
export class Pace {
  readonly #most: number;
  #since = performance.now();

  /** @param most ms after which others have a turn */
  constructor(most = 12) {
    this.#most = most;
  }

  /** Lets others have their turn when it is time. */
  async turn(): Promise<void> {
    if (performance.now() - this.#since < this.#most) return;
    await timerTurn();
    this.#since = performance.now();
  }

  /** Does `work` for all of `count`, in blocks. */
  async blocks(
    count: number,
    work: (from: number, to: number) => void,
    size = BLOCK,
  ): Promise<void> {
    for (let from = 0; from < count; from += size) {
      work(from, Math.min(count, from + size));
      await this.turn();
    }
  }
}

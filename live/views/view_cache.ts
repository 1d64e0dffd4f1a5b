interface Entry {
  version: string;
  view: object;
  /** An earlier version will do until then; time of `performance.now()`. */
  until: number;
}

/**
 * Where an earlier version of a view will do, at most one twelfth of the time goes into making it: a
 * view that took 10 ms is given for 120 ms.
 */
const DUTY_CYCLE = 1 / 12;
/** The least time for which it will do, in ms. */
const LEAST_MS = 300;

/** Views that were made, each until its run changes; of too many the ones unused for longest go. */
export class ViewCache {
  readonly #most: number;
  readonly #entries = new Map<string, Entry>();
  /** How many views had to be made. */
  made = 0;

  constructor(most: number) {
    this.#most = most;
  }

  /**
   * The view of an address at a version of its run.
   *
   * @param outdated whether a view of an earlier version will do for a while
   */
  async get<View extends object>(
    address: string,
    version: string,
    make: () => View | Promise<View>,
    outdated = false,
  ): Promise<View> {
    const known = this.#entries.get(address);
    if (known && (known.version === version || (outdated && performance.now() < known.until))) {
      this.#put(address, known);
      return known.view as View;
    }
    this.made++;
    const began = performance.now();
    const view = await make();
    const now = performance.now();
    const until = now + Math.max(LEAST_MS, (now - began) / DUTY_CYCLE);
    this.#put(address, { version, view, until });
    return view;
  }

  #put(address: string, entry: Entry): void {
    this.#entries.delete(address);
    this.#entries.set(address, entry);
    for (const oldest of this.#entries.keys()) {
      if (this.#entries.size <= this.#most) return;
      this.#entries.delete(oldest);
    }
  }
}

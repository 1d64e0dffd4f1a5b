/** How many tasks of each app are in each state; index -1 is unknown, of apps and of states. */
export class Tally {
  /** By state + 1, then by app + 1. */
  readonly #counts: number[][] = [];

  /** Counts one task more, or with -1 one less. */
  add(app: number, state: number, by: 1 | -1): void {
    while (this.#counts.length <= app + 1) this.#counts.push([]);
    const counts = this.#counts[app + 1];
    while (counts.length <= state + 1) counts.push(0);
    counts[state + 1] += by;
  }

  /** Apps that were ever counted, -1 among them, in the order of their indexes. */
  get apps(): number[] {
    return this.#counts.map((_, at) => at - 1);
  }

  /** Tasks of an app in a state. */
  of(app: number, state: number): number {
    return this.#counts[app + 1]?.[state + 1] ?? 0;
  }

  /** Tasks of an app. */
  ofApp(app: number): number {
    return (this.#counts[app + 1] ?? []).reduce((sum, count) => sum + count, 0);
  }

  /** Tasks in a state. */
  ofState(state: number): number {
    return this.#counts.reduce((sum, counts) => sum + (counts[state + 1] ?? 0), 0);
  }
}

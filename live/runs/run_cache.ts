import type { FollowedRun } from "./followed_run.ts";

/**
 * The runs that were looked at. Above a ceiling of memory those that nobody has looked at for the
 * longest time are dropped, but never one that is watched or being read, nor the last one looked at.
 */
export class RunCache {
  readonly #ceiling: number;
  readonly #runs = new Map<string, FollowedRun>();
  #clock = 0;

  /** @param ceiling bytes */
  constructor(ceiling: number) {
    this.#ceiling = ceiling;
  }

  /** How many runs are in memory. */
  get size(): number {
    return this.#runs.size;
  }

  /** Memory of all runs, in bytes, about. */
  get bytes(): number {
    let sum = 0;
    for (const followed of this.#runs.values()) sum += followed.bytes;
    return sum;
  }

  /** The run as it is in memory, now looked at; undefined when it is not there. */
  get(runId: string): FollowedRun | undefined {
    const followed = this.#runs.get(runId);
    if (followed) followed.viewed = ++this.#clock;
    return followed;
  }

  /** The run as it is in memory, which nobody looks at by this. */
  peek(runId: string): FollowedRun | undefined {
    return this.#runs.get(runId);
  }

  /** Takes in a run that somebody looks at. */
  add(runId: string, followed: FollowedRun): void {
    this.#runs.set(runId, followed);
    followed.viewed = ++this.#clock;
    this.trim();
  }

  /** Drops what is too much. */
  trim(): void {
    let excess = this.bytes - this.#ceiling;
    if (excess <= 0) return;
    const oldest = [...this.#runs].sort(([, a], [, b]) => a.viewed - b.viewed).slice(0, -1);
    for (const [runId, followed] of oldest) {
      if (excess <= 0) return;
      if (followed.busy) continue;
      this.#runs.delete(runId);
      excess -= followed.bytes;
    }
  }
}

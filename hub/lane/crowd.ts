/** The connections of the lane: how many there may be, and who has to go when there are too many. */
import type { Accounts } from "../accounts.ts";
import { descriptorLimit } from "../descriptors.ts";
import type { LaneConnection } from "./connection.ts";

/** Connections at most, where more files may be open than that. */
const MOST_CONNECTIONS = 4096;
/** Descriptors that a hub needs for itself: database, files, threads. */
const OWN_DESCRIPTORS = 96;
/** Of the others, the lane may have one in so many: pages need some too. */
const DESCRIPTOR_SHARE = 2;
/** One in so many places is kept for those who have not proven who they are. */
const NEWCOMERS = 8;
/** A client that has been silent for so long, and waits for nothing, may be closed for another. */
const IDLE_MS = 600_000;
/** A frame has to come in time with so many bytes a second, when others wait for its memory. */
const SLOWEST_BYTES_PER_SECOND = 2 ** 20;

export interface CrowdOptions {
  counters: Accounts["lane"];
  report: (sentence: string) => void;
  /** Connections at most; unless given, what the limit on open files allows, and 4096 at most. */
  most?: number;
  /** Milliseconds that a frame may stand still; default 30 s. */
  silence?: number;
  /** Milliseconds that a frame may be late when others wait for its memory; default 10 s. */
  lateness?: number;
}

/** Connections that a hub may hold on the lane, within what the system lets it have open. */
export function mostConnections(): number {
  const share = Math.floor((descriptorLimit() - OWN_DESCRIPTORS) / DESCRIPTOR_SHARE);
  return Math.max(NEWCOMERS, Math.min(MOST_CONNECTIONS, share));
}

/** All connections, and for each the end of serving it. */
export class Crowd {
  readonly #options: CrowdOptions;
  readonly #most: number;
  readonly #serving = new Map<LaneConnection, Promise<void>>();
  /** Were late at the last look: they are closed when they are at the next. */
  #late = new Set<LaneConnection>();

  constructor(options: CrowdOptions) {
    this.#options = options;
    this.#most = options.most ?? mostConnections();
  }

  /** Those that are open, the oldest first. */
  get all(): Iterable<LaneConnection> {
    return this.#serving.keys();
  }

  /** Resolves when none is served any more. */
  async ended(): Promise<void> {
    await Promise.all(this.#serving.values());
  }

  /** Makes room for one more; false when there is none. */
  admit(): boolean {
    if (this.#serving.size < this.#most) return true;
    // The serving of those that were closed ends in a later turn.
    const open = this.#serving.keys().filter(({ closed }) => !closed).toArray().length;
    if (open < this.#most) return true;
    return this.turnAwayUnproven() || this.#full();
  }

  /** Closes whoever has taken longest to say who it is; false when all have. */
  turnAwayUnproven(): boolean {
    for (const connection of this.#serving.keys()) {
      if (connection.client || connection.closed) continue;
      this.#options.counters.turnedAway++;
      connection.close();
      return true;
    }
    return false;
  }

  /** Whether there is room for one more that has proven who it is; an idle one may have to go. */
  admitProven(): boolean {
    const proven = this.#serving.keys().filter((one) => one.client !== null && !one.closed)
      .toArray();
    if (proven.length < this.#most - Math.floor(this.#most / NEWCOMERS)) return true;
    const before = performance.now() - IDLE_MS;
    const idle = proven.filter(({ client, heard }) => client?.isDone && heard < before);
    if (idle.length === 0) return this.#full();
    const longest = idle.reduce((a, b) => a.heard <= b.heard ? a : b);
    this.#options.counters.turnedAway++;
    longest.close();
    return true;
  }

  /** Holds a connection until its serving ends. */
  add(connection: LaneConnection, serving: Promise<void>): void {
    const { counters } = this.#options;
    counters.connections++;
    this.#serving.set(
      connection,
      serving.finally(() => {
        connection.close();
        this.#serving.delete(connection);
        counters.connections--;
      }),
    );
  }

  /** Closes those whose frame does not come; to be called about once a second. */
  look(): void {
    const { silence = 30_000, lateness = 10_000, counters, report } = this.#options;
    const now = performance.now();
    const late = new Set<LaneConnection>();
    for (const connection of this.#serving.keys()) {
      const { partial, closed, peer } = connection;
      const isLate = partial.silence(now) > silence ||
        partial.lateness(now, SLOWEST_BYTES_PER_SECOND) > lateness;
      if (closed || !isLate) continue;
      // Seen twice: what came while the thread was busy is read in between.
      if (!this.#late.has(connection)) {
        late.add(connection);
        continue;
      }
      counters.unfinished++;
      report(`The lane closed the connection of ${peer}: a frame was not finished in time.`);
      connection.close();
    }
    this.#late = late;
  }

  #full(): false {
    this.#options.counters.turnedAway++;
    this.#options.report(`The lane has ${this.#most} connections and takes no more.`);
    return false;
  }
}

import type { BlockRow } from "./rows.ts";

/** What a status says of a block: that it waits, that it runs, that it is over; or nothing at all. */
export type BlockPhase = "waiting" | "running" | "ended" | "unknown";

const ENDED = new Set(["SCALED_IN", "COMPLETED", "FAILED", "CANCELLED", "TIMEOUT", "MISSING"]);
const ORDER: Record<BlockPhase, number> = { unknown: 0, waiting: 1, running: 2, ended: 3 };

/** What a status of table `block` says, by Parsl's `JobState`; what is no state of it is unknown. */
export function blockPhase(status: string | null): BlockPhase {
  if (status === "RUNNING") return "running";
  if (status === "PENDING" || status === "HELD") return "waiting";
  return status !== null && ENDED.has(status) ? "ended" : "unknown";
}

/** Rows in a row that give a block one status. */
interface Span {
  status: string | null;
  /** Times of the rows in order, naive ms: of many the first and the last few. */
  times: number[];
}

/** Above this many times of a span, the first and this many of the last stay. */
const MOST_TIMES = 16;
const LAST_TIMES = 8;

/** One change of a block's status: when it was first reported so, naive ms; null is unknown. */
export interface BlockChange {
  time: number | null;
  status: string | null;
}

/** What the rows about one block say, whatever their order. */
export class FoldedBlock {
  readonly executor: string | null;
  readonly blockId: string | null;
  /** Ids of its job: one, unless rows contradict each other. */
  readonly jobIds = new Set<string>();
  /** In order of time; of neighbours the statuses differ. */
  readonly #spans: Span[] = [];
  /** Statuses of rows without a time. */
  readonly #timeless = new Set<string | null>();

  constructor(executor: string | null, blockId: string | null) {
    this.executor = executor;
    this.blockId = blockId;
  }

  /** How many spans of rows are kept. */
  get spans(): number {
    return this.#spans.length + this.#timeless.size;
  }

  /** Takes a row about the block in. */
  add({ status, jobId, time }: BlockRow): void {
    if (jobId !== null) this.jobIds.add(jobId);
    if (time === null) this.#timeless.add(status);
    else this.#place(status, time);
  }

  /** The changes of status, in order of time; those at an unknown time come last. */
  get changes(): BlockChange[] {
    return [
      ...this.#spans.map(({ status, times }) => ({ status, time: times[0] })),
      ...Array.from(this.#timeless, (status) => ({ status, time: null })),
    ];
  }

  /** The newest status. */
  get status(): string | null {
    const newest = this.#spans.at(-1);
    if (newest) return newest.status;
    return [...this.#timeless].sort((a, b) => rank(a) - rank(b)).at(-1) ?? null;
  }

  /** When it was first reported, in whatever status; naive ms, null is unknown. */
  get first(): number | null {
    return this.#spans[0]?.times[0] ?? null;
  }

  /** When it was first reported, if it waited then; naive ms, null is unknown. */
  get requested(): number | null {
    const known = this.#spans.find(({ status }) => blockPhase(status) !== "unknown");
    return known && blockPhase(known.status) === "waiting" ? this.first : null;
  }

  /** When it was first reported to run, naive ms; null when it never was. */
  get running(): number | null {
    return this.#spans.find(({ status }) => blockPhase(status) === "running")?.times[0] ?? null;
  }

  /**
   * When it ended, naive ms: with the first of the final statuses after which it neither ran nor
   * waited any more. Null for a block that lives, as far as is known.
   */
  get ended(): number | null {
    let ended: number | null = null;
    for (const { status, times } of this.#spans.toReversed()) {
      const phase = blockPhase(status);
      if (phase === "ended") ended = times[0];
      else if (phase !== "unknown") break;
    }
    return ended;
  }

  /**
   * Puts a row among the spans. Rows that come in order, or nearly so, make the spans that are there,
   * and so do rows in any order where no status comes back. Otherwise a span of many rows may be
   * parted by one with another status where nothing is kept of the rows next to it.
   */
  #place(status: string | null, time: number): void {
    const spans = this.#spans;
    const at = this.#before(status, time);
    const span = spans[at];
    if (span?.status === status) return keep(span.times, time);
    if (span) {
      const later = span.times.findIndex((known) => isBefore(status, time, span.status, known));
      if (later >= 0) {
        spans.splice(at + 1, 0, { status: span.status, times: span.times.splice(later) });
      }
    }
    const next = spans[at + 1];
    if (next?.status === status) keep(next.times, time);
    else spans.splice(at + 1, 0, { status, times: [time] });
  }

  /** The place of the last span that a status at a time does not come before; -1 for none. */
  #before(status: string | null, time: number): number {
    const spans = this.#spans;
    let low = 0;
    let high = spans.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (isBefore(status, time, spans[middle].status, spans[middle].times[0])) high = middle;
      else low = middle + 1;
    }
    return low - 1;
  }
}

/** Puts a time among others, and lets those go that are too many. */
function keep(times: number[], time: number): void {
  let at = times.length;
  while (at > 0 && times[at - 1] > time) at--;
  if (times[at - 1] === time) return;
  times.splice(at, 0, time);
  if (times.length > MOST_TIMES) times.splice(1, times.length - 1 - LAST_TIMES);
}

/** Whether a status at a time comes before another: of one time, in the order of a block's life. */
function isBefore(a: string | null, timeOfA: number, b: string | null, timeOfB: number): boolean {
  if (timeOfA !== timeOfB) return timeOfA < timeOfB;
  return rank(a) - rank(b) < 0 || rank(a) === rank(b) && (a ?? "") < (b ?? "");
}

function rank(status: string | null): number {
  return ORDER[blockPhase(status)];
}

/**
 * The blocks of a run. Some releases of Parsl repeat a block's row at every poll, so what is kept
 * grows with the changes of status, not with the rows.
 */
export class BlockFold {
  readonly #blocks = new Map<string, FoldedBlock>();
  #spans = 0;

  /** Bytes taken, roughly. */
  get bytes(): number {
    return 400 * this.#blocks.size + 200 * this.#spans;
  }

  /** Every block that a row was about, in the order in which they came. */
  get list(): FoldedBlock[] {
    return [...this.#blocks.values()];
  }

  /**
   * Takes a row of table `block` in. A block is told by its executor and its id; by its job where the
   * row has no id.
   */
  add(row: BlockRow): void {
    const key = JSON.stringify([row.executor, row.blockId, row.blockId === null ? row.jobId : ""]);
    let block = this.#blocks.get(key);
    if (!block) this.#blocks.set(key, block = new FoldedBlock(row.executor, row.blockId));
    const before = block.spans;
    block.add(row);
    this.#spans += block.spans - before;
  }

  /** Per executor that reported blocks: when each block ended; Infinity for one that lives. */
  endsByExecutor(): Map<string, number>[] {
    const executors = new Map<string | null, Map<string, number>>();
    for (const block of this.#blocks.values()) {
      if (block.blockId === null) continue;
      const ends = executors.get(block.executor) ?? new Map<string, number>();
      executors.set(block.executor, ends);
      ends.set(block.blockId, block.ended ?? Infinity);
    }
    return [...executors.values()];
  }
}

import type { BlockChange, FoldedBlock } from "../run/block_fold.ts";
import { managersOf } from "./capacity.ts";
import { memo } from "./memo.ts";
import type { Run } from "../run/run.ts";

/** One block: a batch job (or the like) of an executor. Times naive ms; null is unknown. */
export interface Block {
  blockId: string | null;
  executor: string | null;
  /** The batch system's id of its job; several, with commas, where rows contradict each other. */
  jobId: string | null;
  /** When it was first reported, waiting; unknown where its first report says that it runs or is over. */
  requested: number | null;
  /** When it was first reported to run; of one that never was, when its first manager joined. */
  started: number | null;
  /** Whether only its managers tell that it ran. */
  startedByManager: boolean;
  /** When it was first reported to be over, and did not come back. */
  ended: number | null;
  /** The newest status, as Parsl names it. */
  status: string | null;
  /** Every change of status, in order of time. */
  changes: BlockChange[];
}

/**
 * Every block of a run, folded to one line each, in the order in which they were first reported. A
 * block on a real batch system may be pending at one poll and gone at the next: it ran when its
 * managers were there.
 */
export function blocksOf(run: Run): readonly Block[] {
  return memo(run, "blocks", () => {
    const { list } = run.fleet.blocks;
    const joined = firstManagers(run, list);
    return list.map((block) => blockOf(block, joined.get(block) ?? null)).sort(byFirst);
  });
}

function blockOf(block: FoldedBlock, joined: number | null): Block {
  const { executor, blockId, jobIds, requested, running, ended, status, changes } = block;
  return {
    blockId,
    executor,
    jobId: jobIds.size > 0 ? [...jobIds].sort(naturally.compare).join(", ") : null,
    requested,
    started: running ?? joined,
    startedByManager: running === null && joined !== null,
    ended,
    status,
    changes,
  };
}

const naturally = new Intl.Collator("en", { numeric: true });

function byFirst(a: Block, b: Block): number {
  const [first, second] = [a, b].map(({ changes }) => changes[0].time ?? Infinity);
  if (first !== second) return first - second;
  return naturally.compare(a.executor ?? "", b.executor ?? "") ||
    naturally.compare(a.blockId ?? "", b.blockId ?? "");
}

/**
 * When the first manager of each block joined, naive ms. Managers name their block, but not its
 * executor: one that can be of several blocks tells of none.
 */
function firstManagers(run: Run, blocks: FoldedBlock[]): Map<FoldedBlock, number> {
  const joined = new Map<FoldedBlock, number>();
  const byId = Map.groupBy(blocks, ({ blockId }) => blockId);
  if (blocks.every(({ running }) => running !== null)) return joined;
  for (const { blockId, from } of managersOf(run)) {
    if (blockId === null) continue;
    const candidates = (byId.get(blockId) ?? []).filter((block) => isWithin(from, block));
    if (candidates.length !== 1) continue;
    const [block] = candidates;
    joined.set(block, Math.min(joined.get(block) ?? Infinity, from));
  }
  return joined;
}

function isWithin(time: number, { first, ended }: FoldedBlock): boolean {
  return time >= (first ?? -Infinity) && time <= (ended ?? Infinity);
}

import { blocksOf } from "./blocks.ts";
import { memo } from "./memo.ts";
import type { Run } from "../run/run.ts";

/** The job ids of a run's blocks, by executor and block id. */
export type BlockJobs = ReadonlyMap<string | null, ReadonlyMap<string, string>>;

/** The batch system's job ids of a run's blocks: of each block the last that was recorded. */
export function blockJobs(run: Run): BlockJobs {
  return memo(run, "block jobs", () => {
    const jobs = new Map<string | null, Map<string, string>>();
    for (const { executor, blockId, jobId } of blocksOf(run)) {
      if (blockId === null || !jobId || jobId === "None") continue;
      const known = jobs.get(executor);
      if (known) known.set(blockId, jobId);
      else jobs.set(executor, new Map([[blockId, jobId]]));
    }
    return jobs;
  });
}

/** The job id of the block that a try ran in; null when it is unknown. */
export function jobOf(run: Run, attempt: number): string | null {
  const block = run.blockIds.at(run.tryBlock.data[attempt]);
  if (block === null) return null;
  const jobs = blockJobs(run);
  const executor = run.names.at(run.tryExecutor.data[attempt]);
  return jobs.get(executor)?.get(block) ?? jobs.get(null)?.get(block) ?? null;
}

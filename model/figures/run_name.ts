import type { WorkflowRow } from "../run/rows.ts";

/** What a run is called: its workflow's name or, where that is not there to see, its id's beginning. */
export function runName({ name, runId }: Pick<WorkflowRow, "name" | "runId">): string {
  return [name ?? "", [...runId].slice(0, 8).join(""), runId].find((text) => text.trim() !== "") ??
    "(no name)";
}

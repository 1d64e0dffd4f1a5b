import { runPath } from "./run_header.tsx";

/** The address of the tasks that are counted under a cause. */
export function causePath(runId: string, cause: string, state?: string): string {
  return `${runPath(runId)}/task/?${new URLSearchParams({ cause, ...state ? { state } : {} })}`;
}

import type { Run } from "../run/run.ts";

/** The state that a try ended in, or is in, as an index into the run's states. */
export function stateOfTry(run: Run, attempt: number): number {
  const task = run.tryTask.data[attempt];
  return run.taskLastTry.data[task] === attempt
    ? run.taskState.data[task]
    : run.states.of("fail_retryable");
}

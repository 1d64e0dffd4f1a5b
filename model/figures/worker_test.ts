import type { Run } from "../run/run.ts";

/** Tests tries by who ran them: the rank of a worker, its process, or its manager. */
export function workerTest(
  run: Run,
  fits: (text: string) => boolean,
): (attempt: number) => boolean {
  const found = run.workers.list.map(({ rank, pid, manager }) =>
    [rank, pid, manager].some((part) => part !== null && fits(String(part)))
  );
  return (attempt) => found[run.workers.indexOf(attempt)] === true;
}

/** How big packed data may get before something is left out. */

/** Tasks, and the bytes that a report of so many may take in all. */
const REPORTS: readonly [tasks: number, bytes: number][] = [
  [100, 900_000],
  [10_000, 1_500_000],
  [100_000, 5_000_000],
  [1_000_000, 30_000_000],
];
/** What a report takes beside its data: scripts, styles, the summary page, the header. */
const BESIDE = 1_010_000;
/** Runs of this few tasks are held whole unless they take more than this. */
const FEW_TASKS = 5000;
const FEW_BYTES = 4_000_000;

/** Bytes that the deflated parts of a run of so many tasks may take; base64 adds a third to them. */
export function budgetOf(tasks: number): number {
  if (tasks <= FEW_TASKS) return FEW_BYTES;
  const next = REPORTS.findIndex(([count]) => count >= tasks);
  const at = next < 0 ? REPORTS.length - 1 : next;
  const [lowTasks, lowBytes] = REPORTS[at - 1];
  const [highTasks, highBytes] = REPORTS[at];
  const share = (tasks - lowTasks) / (highTasks - lowTasks);
  return (lowBytes + share * (highBytes - lowBytes) - BESIDE) * 3 / 4;
}

/** Parts of the sentences that say what an import found. */

/** A number with its noun: `1 task`, `1,200 tasks`. */
export function counted(count: number, noun: string, plural = `${noun}s`): string {
  return `${count.toLocaleString("en")} ${count === 1 ? noun : plural}`;
}

/** Milliseconds as seconds: `0.025 s`, `1,200 s`. */
export function secondsText(ms: number): string {
  const digits = Math.abs(ms) < 10_000 ? 3 : 0;
  return `${(ms / 1000).toLocaleString("en", { maximumFractionDigits: digits })} s`;
}

/** What signals mean to people, by their numbers on Linux. */
const SIGNALS = new Map([
  [1, "hang-up"],
  [2, "interrupted"],
  [3, "quit"],
  [4, "illegal instruction"],
  [6, "aborted"],
  [7, "bus error"],
  [8, "arithmetic error"],
  [9, "killed, often out of memory"],
  [11, "segmentation fault"],
  [13, "broken pipe"],
  [15, "terminated"],
  [24, "CPU time limit"],
  [25, "file size limit"],
  [31, "bad system call"],
]);
/** Exit codes that shells and `timeout` give a meaning. */
const CODES = new Map([
  [124, "timed out"],
  [126, "not executable"],
  [127, "command not found"],
]);
/** A shell adds this to the number of the signal that ended its child. */
const BY_SIGNAL = 128;

/** What a signal means, such as "segmentation fault"; null for one without a common meaning. */
export function signalMeaning(signal: number): string | null {
  return SIGNALS.get(signal) ?? null;
}

/** An exit code with its meaning where it has one; Python gives a signal as a negative code. */
export function exitCodeText(code: number): string {
  if (code < 0) return withMeaning(`signal ${-code}`, signalMeaning(-code));
  return withMeaning(`exit code ${code}`, exitCodeMeaning(code));
}

/** What an exit code means; null when it only says that something failed. */
export function exitCodeMeaning(code: number): string | null {
  if (code < 0) return signalMeaning(-code);
  return CODES.get(code) ?? signalMeaning(code - BY_SIGNAL);
}

function withMeaning(text: string, meaning: string | null): string {
  return meaning === null ? text : `${text} (${meaning})`;
}

import { setTimeout as sleep } from "node:timers/promises";

/**
 * Milliseconds after which something does not come at all. Only what hangs gets there: no test asks
 * how fast the machine is.
 */
export const PATIENCE = 300_000;

/** Asks until the answer is true; throws with `message` when that is not to be expected any more. */
export async function eventually(ask: () => Promise<boolean>, message: string): Promise<void> {
  const end = Date.now() + PATIENCE;
  for (;;) {
    if (await ask()) return;
    if (Date.now() > end) throw new Error(`${message} (waited ${PATIENCE / 1000} s)`);
    await sleep(50);
  }
}

/** The few assertions that the tests need. */
import { deepStrictEqual } from "node:assert/strict";

export function assert(condition: unknown, message: string): asserts condition {
  if (!condition) throw new Error(message);
}

/** Throws unless two values are the same to the type, the bit and the last own property. */
export function assertEquals<T>(actual: T, expected: T, message = "not equal"): void {
  try {
    deepStrictEqual(actual, expected);
  } catch (error) {
    throw new Error(`${message}: ${(error as Error).message}`);
  }
}

/** Asks until the answer is true; throws with `message` when the time is up. */
export async function eventually(
  ask: () => Promise<boolean>,
  message: string,
  timeout = 10_000,
): Promise<void> {
  const end = Date.now() + timeout;
  for (;;) {
    if (await ask()) return;
    if (Date.now() > end) throw new Error(`${message} (waited ${timeout} ms)`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

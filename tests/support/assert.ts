/** The few assertions that the tests need; the standard library's would come from elsewhere. */

export function assert(condition: unknown, message: string): asserts condition {
  if (!condition) throw new Error(message);
}

export function assertEquals<T>(actual: T, expected: T, message = "not equal"): void {
  const [a, b] = [JSON.stringify(actual), JSON.stringify(expected)];
  if (a !== b) throw new Error(`${message}: got ${a}, expected ${b}`);
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

/** The few assertions that the tests need. */
import { deepStrictEqual } from "node:assert/strict";

export { eventually, PATIENCE } from "./eventually.ts";

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

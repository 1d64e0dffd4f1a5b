/**
 * Keys of dicts and elements of sets. A hash table is slow when many keys are of one hash. Hashes of
 * texts are secret and those of objects are drawn, but those of numbers, and of texts that are
 * numbers, are the same everywhere: who knows them can send thousands of keys of one hash.
 */
import type { Value } from "../value.ts";
import { FORESEEABLE_KEY_VALUES } from "./limits.ts";

/** Takes `count` elements from what the pickle may still ask for. */
export type Spend = (count: number) => void;

/** Has a key paid for before it goes into a table. */
export function payForKey(key: Value, spend: Spend): void {
  if (typeof key === "string") {
    const first = key.charCodeAt(0);
    if (!(first >= 0x30 && first <= 0x39)) return;
  } else if (typeof key !== "number" && typeof key !== "bigint") {
    return;
  }
  spend(FORESEEABLE_KEY_VALUES);
}

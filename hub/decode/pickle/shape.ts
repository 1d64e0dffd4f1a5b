import type { Value } from "../value.ts";
import { malformed } from "./errors.ts";
import { Global, type Item } from "./globals.ts";

/**
 * Checks that what was decoded is plain data: no class left in it, nothing that contains itself,
 * no deeper than `depth`, and no more than `count` values for who walks through all of it.
 *
 * @throws {MalformedMessage} when it is not.
 */
export function checkShape(item: Item, depth: number, count: number): asserts item is Value {
  let left = count;

  function walk(value: Item, level: number): void {
    if (--left < 0) throw malformed("it unfolds to too many values");
    if (typeof value !== "object" || value === null) return;
    if (value instanceof Global) throw malformed(`${value.name} where data is expected`);
    if (value instanceof Map) {
      if (level === 0) throw malformed("nested too deeply");
      for (const [key, element] of value) {
        if (typeof key !== "string") walk(key, level - 1);
        walk(element, level - 1);
      }
    } else if (Array.isArray(value) || value instanceof Set) {
      if (level === 0) throw malformed("nested too deeply");
      for (const element of value) walk(element, level - 1);
    }
  }

  walk(item, depth);
}

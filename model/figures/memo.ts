import type { Run } from "../run/run.ts";

const known = new WeakMap<Run, { version: number; values: Map<string, unknown> }>();

/**
 * A figure of a run, computed once for each of its versions. The value is shared by all who ask:
 * nobody may change it. `key` names the figure, so one key must always give one type.
 */
export function memo<T>(run: Run, key: string, compute: () => T): T {
  let entry = known.get(run);
  if (entry?.version !== run.version) {
    known.set(run, entry = { version: run.version, values: new Map() });
  }
  if (entry.values.has(key)) return entry.values.get(key) as T;
  const value = compute();
  entry.values.set(key, value);
  return value;
}

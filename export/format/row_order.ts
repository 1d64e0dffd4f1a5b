/** Puts rows in order. */
import type { Pace } from "./pace.ts";

/** The rows in the order of some keys, the first first; equal rows as they came. */
export async function orderBy(
  keys: ArrayLike<number>[],
  rows: number,
  pace: Pace,
): Promise<Uint32Array | null> {
  const compare = (a: number, b: number) => {
    for (const key of keys) if (key[a] !== key[b]) return key[a] - key[b];
    return a - b;
  };
  let sorted = true;
  await pace.blocks(rows, (from, to) => {
    for (let row = Math.max(1, from); row < to; row++) {
      if (compare(row - 1, row) > 0) sorted = false;
    }
  });
  if (sorted) return null;
  const order = await byFirst(keys[0], rows, pace);
  const [first] = keys;
  // Rows of a task are few, and nearly in order.
  await pace.blocks(rows, (from, to) => {
    for (let i = Math.max(1, from); i < to; i++) {
      const row = order[i];
      let at = i;
      while (at > 0 && first[order[at - 1]] === first[row] && compare(order[at - 1], row) > 0) {
        order[at] = order[at - 1];
        at--;
      }
      order[at] = row;
    }
  });
  return order;
}

/** The rows in the order of one key, equal ones as they came. */
async function byFirst(key: ArrayLike<number>, rows: number, pace: Pace): Promise<Uint32Array> {
  let least = Infinity;
  let most = -Infinity;
  for (let row = 0; row < rows; row++) {
    if (key[row] < least) least = key[row];
    if (key[row] > most) most = key[row];
  }
  const order = new Uint32Array(rows);
  if (most - least > 4 * rows + 65_536) {
    for (let row = 0; row < rows; row++) order[row] = row;
    return order.sort((a, b) => key[a] - key[b] || a - b);
  }
  const starts = new Uint32Array(most - least + 2);
  for (let row = 0; row < rows; row++) starts[key[row] - least + 1]++;
  for (let i = 1; i < starts.length; i++) starts[i] += starts[i - 1];
  await pace.blocks(rows, (from, to) => {
    for (let row = from; row < to; row++) order[starts[key[row] - least]++] = row;
  });
  return order;
}

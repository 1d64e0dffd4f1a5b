/**
 * Puts the value that sorting would put at `k` there, none greater before it and none less after
 * it, among values[from .. to). Linear time on average; NaN is not allowed.
 */
export function select(values: Float64Array, from: number, to: number, k: number): number {
  let low = from;
  let high = to - 1;
  while (high > low) {
    const pivot = middleOf(values[low], values[(low + high) >> 1], values[high]);
    let i = low;
    let j = high;
    while (i <= j) {
      while (values[i] < pivot) i++;
      while (values[j] > pivot) j--;
      if (i > j) break;
      const value = values[i];
      values[i++] = values[j];
      values[j--] = value;
    }
    if (k <= j) high = j;
    else if (k >= i) low = i;
    else break;
  }
  return values[k];
}

/** The median of values[from .. to), whose order is lost; null of none. NaN is not allowed. */
export function medianOf(values: Float64Array, from: number, to: number): number | null {
  if (to <= from) return null;
  const middle = from + ((to - from) >> 1);
  const upper = select(values, from, to, middle);
  if ((to - from) % 2 === 1) return upper;
  let lower = values[from];
  for (let i = from + 1; i < middle; i++) if (values[i] > lower) lower = values[i];
  return (lower + upper) / 2;
}

function middleOf(a: number, b: number, c: number): number {
  return Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
}

let shared = new Float64Array(1024);

/** Room for some floats, which the next caller gets again: use it and forget it. */
export function scratch(length: number): Float64Array {
  if (shared.length < length) shared = new Float64Array(length + (length >> 3));
  return shared;
}

/** Runs of consecutive places: [first, length, first, length, …]. */
export type Runs = number[];

/**
 * Reads what the server says of the related tasks of a group: base64 of pairs of varints (how many
 * tasks to skip, how many follow). Bad input ends the list.
 */
export function readRuns(base64: string): Runs {
  const text = atob(base64);
  const runs: Runs = [];
  let at = 0;
  let place = 0;
  const varint = (): number => {
    let value = 0;
    for (let factor = 1; at < text.length; factor *= 128) {
      const byte = text.charCodeAt(at++);
      value += (byte & 127) * factor;
      if (byte < 128) return value;
    }
    return NaN;
  };
  while (at < text.length) {
    const first = place + varint();
    const length = varint();
    if (Number.isNaN(first) || Number.isNaN(length)) break;
    runs.push(first, length);
    place = first + length;
  }
  return runs;
}

/** The runs of places given one by one, in any order. */
export function runsOf(places: Iterable<number>): Runs {
  const runs: Runs = [];
  for (const place of [...new Set(places)].sort((a, b) => a - b)) {
    const last = runs.length - 2;
    if (last >= 0 && runs[last] + runs[last + 1] === place) runs[last + 1]++;
    else runs.push(place, 1);
  }
  return runs;
}

/** Whether a place is in the runs. */
export function inRuns(runs: Runs, place: number): boolean {
  let low = 0;
  let high = runs.length / 2;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (runs[2 * middle] + runs[2 * middle + 1] <= place) low = middle + 1;
    else high = middle;
  }
  return low < runs.length / 2 && place >= runs[2 * low];
}

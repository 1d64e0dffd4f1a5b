/**
 * Which of a group's tasks are meant, by their places in the order of their ids. They travel as
 * base64 of pairs of varints: so many places to skip, and so many that are meant. A varint has seven
 * bits a byte, the lowest first; the top bit says that more follow.
 */

/** Runs of consecutive places: [first, length, first, length, …]. */
export type Runs = number[];

/** The longest list that is sent, in bytes before base64. */
const MOST_BYTES = 48 * 1024;

/** Writes which places are meant. */
export class RunsWriter {
  /** Whether it would have been too long. */
  overflow = false;
  readonly #bytes: number[] = [];

  /** Adds places: so many are skipped, and so many after them meant. */
  add(skip: number, length: number): void {
    if (this.#bytes.length > MOST_BYTES - 10) this.overflow = true;
    if (this.overflow) return;
    this.#varint(skip);
    this.#varint(length);
  }

  #varint(value: number): void {
    let rest = value;
    for (; rest > 127; rest >>>= 7) this.#bytes.push((rest & 127) | 128);
    this.#bytes.push(rest);
  }

  /** All that was added. */
  base64(): string {
    return Uint8Array.from(this.#bytes).toBase64();
  }
}

/** Reads what {@link RunsWriter} wrote. Bad input ends the list. */
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

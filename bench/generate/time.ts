/** Times of a generated run: whole microseconds since it began, written as Parsl writes them. */

export const SECOND = 1_000_000;

/** Turns microseconds since a beginning into `YYYY-MM-DD HH:MM:SS.ffffff`. */
export class Clock {
  readonly #origin: number;
  #second = NaN;
  #text = "";

  /** @param origin the beginning in microseconds since 1970, naive */
  constructor(origin: number) {
    this.#origin = origin;
  }

  text(time: number): string {
    const absolute = this.#origin + time;
    const second = Math.floor(absolute / SECOND);
    if (second !== this.#second) {
      this.#second = second;
      this.#text = new Date(second * 1000).toISOString().slice(0, 19).replace("T", " ");
    }
    return `${this.#text}.${String(absolute - second * SECOND).padStart(6, "0")}`;
  }

  /** The text of a time that has come by `cut`, else null; NaN has not come at all. */
  textBy(time: number, cut: number): string | null {
    return time <= cut ? this.text(time) : null;
  }
}

/** Times of a generated run: whole microseconds since it began, written as Parsl writes them. */
import { microsText } from "../../parsl/naive_time.ts";

export const SECOND = 1_000_000;

/** Turns microseconds since a beginning into `YYYY-MM-DD HH:MM:SS.ffffff`. */
export class Clock {
  readonly #origin: number;

  /** @param origin the beginning in microseconds since 1970, naive */
  constructor(origin: number) {
    this.#origin = origin;
  }

  text(time: number): string {
    return microsText(this.#origin + time);
  }

  /** The text of a time that has come by `cut`, else null; NaN has not come at all. */
  textBy(time: number, cut: number): string | null {
    return time <= cut ? this.text(time) : null;
  }
}

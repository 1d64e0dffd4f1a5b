/** Times as Parsl writes them, `YYYY-MM-DD HH:MM:SS.ffffff`, as microseconds since 1970 and back. */
import { digits, naiveText, parseNaiveTime } from "../../parsl/naive_time.ts";
import { LARGEST_INT } from "./limits.ts";

const LENGTH = 26;
const MINUTE_LENGTH = 16;
const MINUTE_US = 60_000_000;

/** Microseconds of minutes that were met; few, for times of a run come again and again. */
const minutes = new Map<string, number>();
const MOST_MINUTES = 4096;

let lastMinute = "";
let lastMicros = NaN;

/**
 * Microseconds of a text that `microsText` gives back to the letter; NaN of any other, and of
 * times before 1898-08-23 or after 2041-05-10.
 */
export function microsOf(text: string): number {
  if (text.length !== LENGTH || text.charCodeAt(16) !== 58 || text.charCodeAt(19) !== 46) {
    return NaN;
  }
  if (lastMinute === "" || !text.startsWith(lastMinute)) {
    const minute = text.slice(0, MINUTE_LENGTH);
    const micros = minutes.get(minute) ?? microsOfMinute(minute);
    if (Number.isNaN(micros)) return NaN;
    lastMinute = minute;
    lastMicros = micros;
  }
  const second = digits(text, 17, 19);
  const fraction = digits(text, 20, LENGTH);
  const micros = lastMicros + second * 1_000_000 + fraction;
  return second < 60 && Math.abs(micros) < LARGEST_INT ? micros : NaN;
}

function microsOfMinute(minute: string): number {
  const ms = parseNaiveTime(minute);
  if (ms === null || naiveText(ms).slice(0, MINUTE_LENGTH) !== minute) return NaN;
  if (minutes.size === MOST_MINUTES) minutes.clear();
  minutes.set(minute, ms * 1000);
  return ms * 1000;
}

/** Naive ms of a time in microseconds: the very float that parsing its text gives. */
export function microsToMs(micros: number): number {
  const minute = Math.floor(micros / MINUTE_US);
  const rest = micros - minute * MINUTE_US;
  const second = Math.floor(rest / 1_000_000);
  const fraction = rest - second * 1_000_000;
  return minute * 60_000 + (second * 1000 + fraction * 1000 / 1_000_000);
}

/** Times as Parsl writes them, `YYYY-MM-DD HH:MM:SS.ffffff`, as microseconds since 1970 and back. */
import { digits, parseNaiveTime } from "../../parsl/naive_time.ts";
import { LARGEST_INT } from "./limits.ts";

const LENGTH = 26;
const MINUTE = 60_000_000;

/** Microseconds of minutes that were met; few, for times of a run come again and again. */
const minutes = new Map<string, number>();
const MOST_MINUTES = 4096;

let lastMinute = "";
let lastMicros = NaN;
let lastMinuteOut = NaN;
let lastTextOut = "";

function minuteText(micros: number): string {
  return new Date(micros / 1000).toISOString().slice(0, 16).replace("T", " ");
}

/**
 * Microseconds of a text that {@link microsText} gives back to the letter; NaN of any other, and of
 * times before 1898-08-23 or after 2041-05-10.
 */
export function microsOf(text: string): number {
  if (text.length !== LENGTH || text.charCodeAt(16) !== 58 || text.charCodeAt(19) !== 46) {
    return NaN;
  }
  if (lastMinute === "" || !text.startsWith(lastMinute)) {
    const minute = text.slice(0, 16);
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
  if (ms === null || minuteText(ms * 1000) !== minute) return NaN;
  if (minutes.size === MOST_MINUTES) minutes.clear();
  minutes.set(minute, ms * 1000);
  return ms * 1000;
}

/** The text of a time in microseconds. */
export function microsText(micros: number): string {
  const minute = Math.floor(micros / MINUTE) * MINUTE;
  if (minute !== lastMinuteOut) {
    lastMinuteOut = minute;
    lastTextOut = minuteText(minute);
  }
  const rest = micros - minute;
  const second = Math.floor(rest / 1_000_000);
  const fraction = rest - second * 1_000_000;
  return `${lastTextOut}:${String(second).padStart(2, "0")}.${String(fraction).padStart(6, "0")}`;
}

/** Naive ms of a time in microseconds: the very float that parsing its text gives. */
export function microsToMs(micros: number): number {
  const minute = Math.floor(micros / MINUTE);
  const rest = micros - minute * MINUTE;
  const second = Math.floor(rest / 1_000_000);
  const fraction = rest - second * 1_000_000;
  return minute * 60_000 + (second * 1000 + fraction * 1000 / 1_000_000);
}

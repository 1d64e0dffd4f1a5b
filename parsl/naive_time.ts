/** Parsl's times: naive local clock texts, as milliseconds as if they were UTC, and back. */
import type { Cell } from "./cell.ts";
import { isTime, LAST_TIME_MS } from "./readable.ts";

const DAY_MS = 86_400_000;
const MONTH_DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
/** Seconds since 1970 as text: from 1973 on, so that no date or small number is taken for some. */
const EPOCH = /^\d{9,12}(?:\.\d*)?$/;

/** Days from 1970-01-01 to a date of the proleptic Gregorian calendar; the month is 1 to 12. */
function daysFromCivil(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) +
    dayOfYear;
  return era * 146_097 + dayOfEra - 719_468;
}

// Rows come in order of time, so the last minute is nearly always the next one too.
let lastMinute = "";
let lastMinuteMs = NaN;

/** The number that digits from one place up to another spell; NaN when one is none. */
export function digits(text: string, from: number, to: number): number {
  let value = 0;
  for (let i = from; i < to; i++) {
    const digit = text.charCodeAt(i) - 48;
    if (!(digit >= 0 && digit <= 9)) return NaN;
    value = value * 10 + digit;
  }
  return value;
}

/** The date in the first ten characters; NaN when there is none. */
function parseDate(text: string): number {
  if (text.charCodeAt(4) !== 45 || text.charCodeAt(7) !== 45) return NaN;
  const year = digits(text, 0, 4);
  const month = digits(text, 5, 7);
  const day = digits(text, 8, 10);
  if (!(year >= 1 && month >= 1 && month <= 12 && day >= 1)) return NaN;
  const leapDay = month === 2 && year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 1 : 0;
  if (!(day <= MONTH_DAYS[month - 1] + leapDay)) return NaN;
  return daysFromCivil(year, month, day) * DAY_MS;
}

/** `YYYY-MM-DD HH:MM` in the first sixteen characters; NaN when they are something else. */
function parseMinute(text: string): number {
  const separator = text.charCodeAt(10);
  if ((separator !== 32 && separator !== 84) || text.charCodeAt(13) !== 58) return NaN;
  const hour = digits(text, 11, 13);
  const minute = digits(text, 14, 16);
  return hour < 24 && minute < 60 ? parseDate(text) + hour * 3_600_000 + minute * 60_000 : NaN;
}

/** `:SS[.ffffff]` from the seventeenth character on, in ms; NaN when it is something else. */
function parseSecond(text: string): number {
  if (text.charCodeAt(16) !== 58 || text.length < 19) return NaN;
  const second = digits(text, 17, 19);
  if (!(second < 62)) return NaN;
  if (text.charCodeAt(19) !== 46) return second * 1000;
  let fraction = 0;
  let scale = 1;
  for (let i = 20; i < text.length; i++) {
    const digit = text.charCodeAt(i) - 48;
    if (!(digit >= 0 && digit <= 9)) break;
    fraction = fraction * 10 + digit;
    scale *= 10;
  }
  return second * 1000 + fraction * 1000 / scale;
}

/**
 * Milliseconds of `YYYY-MM-DD HH:MM:SS[.ffffff]` (or with a "T"), fractions of a millisecond kept;
 * a number, or the text of one, is taken as seconds since 1970, as Python's `time.time()` gives.
 * Null for all else, and for what is not in the years 1 to 9999.
 */
export function parseNaiveTime(value: unknown): number | null {
  if (typeof value === "number") return isTime(value * 1000) ? value * 1000 : null;
  if (typeof value !== "string" || value.length < 9) return null;
  if (value.charCodeAt(4) !== 45) return EPOCH.test(value) ? parseNaiveTime(Number(value)) : null;
  let time: number;
  if (value.length < 16) {
    time = value.length === 10 ? parseDate(value) : NaN;
  } else {
    if (lastMinute === "" || !value.startsWith(lastMinute)) {
      const minute = parseMinute(value);
      if (Number.isNaN(minute)) return null;
      lastMinute = value.slice(0, 16);
      lastMinuteMs = minute;
    }
    time = value.length === 16 ? lastMinuteMs : lastMinuteMs + parseSecond(value);
  }
  // The last microseconds of the year 9999 are of the next, as a float.
  return Number.isNaN(time) ? null : Math.min(time, LAST_TIME_MS);
}

// What is written comes in order of time, too.
let lastMinuteOut = NaN;
let lastMinuteText = "";

/** The text of whole seconds since 1970 and microseconds, 0 to 999999. */
function textOf(second: number, micros: number): string {
  const minute = Math.floor(second / 60);
  if (minute !== lastMinuteOut) {
    lastMinuteText = new Date(minute * 60_000).toISOString().slice(0, 16).replace("T", " ");
    lastMinuteOut = minute;
  }
  const rest = String(second - minute * 60).padStart(2, "0");
  return `${lastMinuteText}:${rest}.${String(micros).padStart(6, "0")}`;
}

/** What Parsl writes, `YYYY-MM-DD HH:MM:SS.ffffff`, of whole naive microseconds since 1970. */
export function microsText(micros: number): string {
  const second = Math.floor(micros / 1_000_000);
  return textOf(second, micros - second * 1_000_000);
}

/** The same of naive milliseconds, rounded to microseconds. */
export function naiveText(ms: number): string {
  const second = Math.floor(ms / 1000);
  const micros = Math.round((ms - second * 1000) * 1000);
  return micros === 1_000_000 ? textOf(second + 1, 0) : textOf(second, micros);
}

/** Whether a cell is a time that is seconds since 1970, as files of before February 2019 have them. */
export function isEpoch(value: Cell): boolean {
  if (typeof value === "string") return EPOCH.test(value);
  return typeof value === "number" || typeof value === "bigint";
}

/**
 * The naive ms of a cell.
 *
 * @param offset added to seconds since 1970, which are UTC, ms: how far the naive clock is ahead
 */
export function timeOf(value: Cell, offset: number): number | null {
  if (typeof value === "string" && value.charCodeAt(4) === 45) return parseNaiveTime(value);
  const utc = parseNaiveTime(typeof value === "bigint" ? Number(value) : value);
  return utc === null || !isTime(utc + offset) ? null : utc + offset;
}

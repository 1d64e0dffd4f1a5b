/** Python's dates and times, from the bytes or the numbers that pickles hold. */
import { DateTime } from "../value.ts";
import { malformed } from "./errors.ts";

const MONTH_DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

function checkDate(year: number, month: number, day: number): void {
  if (year < 1 || year > 9999 || month < 1 || month > 12 || day < 1) {
    throw malformed("no such date");
  }
  if (day <= MONTH_DAYS[month - 1]) return;
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  if (month !== 2 || day !== 29 || !leap) throw malformed("no such date");
}

function checkTime(hour: number, minute: number, second: number, micro: number): void {
  if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59) {
    throw malformed("no such time of day");
  }
  if (micro < 0 || micro > 999_999) throw malformed("no such time of day");
}

/**
 * A naive date and time from its parts, all integers.
 *
 * @throws {MalformedMessage} when the calendar has no such time.
 */
export function dateTime(
  year: number,
  month: number,
  day: number,
  hour: number,
  minute: number,
  second: number,
  micro: number,
): DateTime {
  checkDate(year, month, day);
  checkTime(hour, minute, second, micro);
  return new DateTime(String.fromCharCode(
    48 + (year / 1000 | 0),
    48 + (year / 100 | 0) % 10,
    48 + (year / 10 | 0) % 10,
    48 + year % 10,
    45,
    48 + (month / 10 | 0),
    48 + month % 10,
    45,
    48 + (day / 10 | 0),
    48 + day % 10,
    32,
    48 + (hour / 10 | 0),
    48 + hour % 10,
    58,
    48 + (minute / 10 | 0),
    48 + minute % 10,
    58,
    48 + (second / 10 | 0),
    48 + second % 10,
    46,
    48 + (micro / 100_000 | 0),
    48 + (micro / 10_000 | 0) % 10,
    48 + (micro / 1000 | 0) % 10,
    48 + (micro / 100 | 0) % 10,
    48 + (micro / 10 | 0) % 10,
    48 + micro % 10,
  ));
}

/** The ten bytes that `datetime` pickles; the highest bit of the month is its fold. */
export function dateTimeOfState(bytes: Uint8Array, at: number): DateTime {
  return dateTime(
    bytes[at] << 8 | bytes[at + 1],
    bytes[at + 2] & 0x7f,
    bytes[at + 3],
    bytes[at + 4],
    bytes[at + 5],
    bytes[at + 6],
    bytes[at + 7] << 16 | bytes[at + 8] << 8 | bytes[at + 9],
  );
}

function digits(value: number, width: number): string {
  return String(value).padStart(width, "0");
}

/** `YYYY-MM-DD`. */
export function dateText(year: number, month: number, day: number): string {
  checkDate(year, month, day);
  return `${digits(year, 4)}-${digits(month, 2)}-${digits(day, 2)}`;
}

/** `HH:MM:SS`, with six digits of a second behind when there are microseconds. */
export function timeText(hour: number, minute: number, second: number, micro: number): string {
  checkTime(hour, minute, second, micro);
  const text = `${digits(hour, 2)}:${digits(minute, 2)}:${digits(second, 2)}`;
  return micro === 0 ? text : `${text}.${digits(micro, 6)}`;
}

/** Seconds of a `timedelta`. */
export function timedeltaSeconds(days: number, seconds: number, micros: number): number {
  const total = days * 86_400 + seconds + micros / 1e6;
  if (Math.abs(total) > 86_400 * 1e9) throw malformed("a timedelta is too long");
  return total;
}

/**
 * For the bytes of a datetime's state that end at `at`: how many bytes follow until it is made, or 0
 * when something else is made. They put bytes and tuple into the memo (one opcode each, so the rest
 * less two), where nobody looks for them.
 */
export function dateTimeRest(bytes: Uint8Array, at: number): number {
  let i = at;
  if (bytes[i] === 0x94) i++; // MEMOIZE
  if (bytes[i++] !== 0x85) return 0; // TUPLE1
  if (bytes[i] === 0x94) i++;
  if (bytes[i++] !== 0x52) return 0; // REDUCE
  return i - at;
}

/** Parsl's times: naive local clock texts, turned into milliseconds as if they were UTC. */

const DAY = 86_400_000;

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

// Rows come in order of time, so the last date is nearly always the next one too.
let lastDate = "";
let lastDateMs = NaN;

function parseDate(text: string): number {
  const date = text.slice(0, 10);
  if (date === lastDate) return lastDateMs;
  if (date.charCodeAt(4) !== 45 || date.charCodeAt(7) !== 45) return NaN;
  const year = digits(date, 0, 4);
  const month = digits(date, 5, 7);
  const day = digits(date, 8, 10);
  if (!(year >= 0 && month >= 1 && month <= 12 && day >= 1 && day <= 31)) return NaN;
  lastDate = date;
  lastDateMs = daysFromCivil(year, month, day) * DAY;
  return lastDateMs;
}

function digits(text: string, from: number, to: number): number {
  let value = 0;
  for (let i = from; i < to; i++) {
    const digit = text.charCodeAt(i) - 48;
    if (!(digit >= 0 && digit <= 9)) return NaN;
    value = value * 10 + digit;
  }
  return value;
}

/**
 * Milliseconds of `YYYY-MM-DD HH:MM:SS[.ffffff]` (or with a "T"), fractions of a millisecond kept;
 * a number is taken as seconds since 1970, as Python's `time.time()` gives. Null for all else.
 */
export function parseNaiveTime(value: unknown): number | null {
  if (typeof value === "number") return Number.isFinite(value) ? value * 1000 : null;
  if (typeof value !== "string" || value.length < 10) return null;
  const date = parseDate(value);
  if (Number.isNaN(date)) return null;
  if (value.length === 10) return date;
  const separator = value.charCodeAt(10);
  if ((separator !== 32 && separator !== 84) || value.length < 16) return null;
  if (value.charCodeAt(13) !== 58) return null;
  const hour = digits(value, 11, 13);
  const minute = digits(value, 14, 16);
  let second = 0;
  let fraction = 0;
  if (value.length > 16) {
    if (value.charCodeAt(16) !== 58 || value.length < 19) return null;
    second = digits(value, 17, 19);
    if (value.charCodeAt(19) === 46) {
      let scale = 1;
      for (let i = 20; i < value.length; i++) {
        const digit = value.charCodeAt(i) - 48;
        if (!(digit >= 0 && digit <= 9)) break;
        fraction = fraction * 10 + digit;
        scale *= 10;
      }
      fraction = fraction * 1000 / scale;
    }
  }
  if (!(hour < 24 && minute < 60 && second < 62)) return null;
  return date + hour * 3_600_000 + minute * 60_000 + second * 1000 + fraction;
}

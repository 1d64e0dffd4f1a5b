const NONE = "–";
const MINUTE_S = 60;
const HOUR_S = 3600;
const DAY_S = 86400;

type Maybe = number | null | undefined;

function known(n: Maybe): n is number {
  return n !== null && n !== undefined && Number.isFinite(n);
}

function two(n: number): string {
  return String(n).padStart(2, "0");
}

/**
 * Thousands separated by commas, with `digits` decimals at most. By hand: the browser's own formats
 * take up to 100 ms to load, while a page comes alive.
 */
function grouped(n: number, digits = 0): string {
  const [whole, decimals = ""] = n.toFixed(digits).split(".");
  const kept = decimals.replace(/0+$/, "");
  return whole.replace(/\B(?=(\d{3})+$)/g, ",") + (kept && `.${kept}`);
}

/**
 * A span of time given in milliseconds, in its two largest units:
 * `1.2 s`, `3 m 04 s`, `2 h 05 m`, `3 d 4 h`. Under a second: `120 ms`. Unknown: `–`.
 */
export function duration(ms: Maybe): string {
  if (!known(ms)) return NONE;
  if (ms < 0) return "−" + duration(-ms);
  if (ms === 0) return "0 s";
  if (ms < 1) return "<1 ms";
  if (ms < 999.5) return `${Math.round(ms)} ms`;
  if (ms < 9_950) return `${(ms / 1000).toFixed(1)} s`;
  const s = Math.round(ms / 1000);
  if (s < MINUTE_S) return `${s} s`;
  if (s < HOUR_S) return `${Math.floor(s / MINUTE_S)} m ${two(s % MINUTE_S)} s`;
  const m = Math.round(s / MINUTE_S);
  if (m * MINUTE_S < DAY_S) return `${Math.floor(m / 60)} h ${two(m % 60)} m`;
  const h = Math.round(s / HOUR_S);
  return `${grouped(Math.floor(h / 24))} d ${h % 24} h`;
}

/** A span given in seconds, as {@link duration}. Unknown: `–`. */
export function seconds(n: Maybe): string {
  return duration(known(n) ? n * 1000 : null);
}

const BYTE_UNITS = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"];

/** An amount of memory or data given in bytes, in binary units: `512 B`, `1.5 MiB`. Unknown: `–`. */
export function bytes(n: Maybe): string {
  if (!known(n)) return NONE;
  if (n < 0) return "−" + bytes(-n);
  let unit = 0;
  while (n >= 1023.5 && unit < BYTE_UNITS.length - 1) {
    n /= 1024;
    unit++;
  }
  const text = unit === 0 || n >= 99.95 ? grouped(n) : grouped(n, n < 9.995 ? 2 : 1);
  return `${text} ${BYTE_UNITS[unit]}`;
}

/** A number of things: `1,234,567`. Fractions keep one decimal. Unknown: `–`. */
export function count(n: Maybe): string {
  return known(n) ? grouped(n, 1) : NONE;
}

/**
 * A share given as 0 … 1: `42 %`, `4.2 %`. What is not all never reads `100 %`, what is not nothing
 * never `0 %`. Unknown: `–`.
 */
export function percent(share: Maybe): string {
  if (!known(share)) return NONE;
  const p = share * 100;
  if (p > 0 && p < 0.1) return "<0.1 %";
  if (p > 99.9 && p < 100) return ">99.9 %";
  const whole = Number.isInteger(p) || (p >= 9.95 && p <= 99);
  return `${whole ? grouped(p) : p.toFixed(1)} %`;
}

/**
 * A date and time, `2026-11-23 23:46:11`. `ms` is a naive local time of the submit host counted as
 * if it were UTC, so the viewer's zone never enters. Unknown: `–`.
 */
export function naiveTime(ms: Maybe): string {
  if (!known(ms) || Math.abs(ms) > 8.64e15) return NONE;
  return new Date(ms).toISOString().replace("T", " ").replace(/\.\d+Z$/, "");
}

/** The time of day of a naive time, `23:46:11`. Unknown: `–`. */
export function clock(ms: Maybe): string {
  const text = naiveTime(ms);
  return text === NONE ? NONE : text.slice(text.indexOf(" ") + 1);
}

/** How long ago something was, given the milliseconds since: `12 s ago`, `3 h ago`. Unknown: `–`. */
export function ago(ms: Maybe): string {
  if (!known(ms)) return NONE;
  const s = Math.floor(ms / 1000);
  if (s < 1) return "now";
  if (s < MINUTE_S) return `${s} s ago`;
  if (s < HOUR_S) return `${Math.floor(s / MINUTE_S)} m ago`;
  if (s < DAY_S) return `${Math.floor(s / HOUR_S)} h ago`;
  return `${grouped(Math.floor(s / DAY_S))} d ago`;
}

/** A name as it is shown: of one in which there is nothing to see, that it is none. */
export function nameText(name: string): string {
  return name.trim() === "" ? "(no name)" : name;
}

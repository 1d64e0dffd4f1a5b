import type { ValueFormat } from "./chart.ts";
import { bytes, clock, count, naiveTime, seconds } from "../../looks/format.ts";

const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const TIME_STEPS = [
  ...[1, 2, 5, 10, 20, 50, 100, 200, 500],
  ...[1, 2, 5, 10, 15, 30].map((n) => n * SECOND_MS),
  ...[1, 2, 5, 10, 15, 30].map((n) => n * MINUTE_MS),
  ...[1, 2, 3, 6, 12].map((n) => n * HOUR_MS),
  ...[1, 2, 5, 7, 14, 30, 60, 90, 180, 365].map((n) => n * DAY_MS),
];

/** How the values of an axis are written, and how far apart its ticks are. */
interface Format {
  /** A value as people read it. */
  text(v: number): string;
  /** A value as exact as it takes to tell it from `v + step`. */
  tick(v: number, step: number): string;
  /** A round step of `raw` or so. */
  step(raw: number): number;
}

const FORMATS: Record<ValueFormat, Format> = {
  count: { text: count, tick: countTick, step: (raw) => Math.max(1, niceStep(raw)) },
  cores: {
    text: (v) => `${count(v)} ${v === 1 ? "core" : "cores"}`,
    tick: countTick,
    step: niceStep,
  },
  bytes: {
    text: bytes,
    tick: (v, step) => step > 0 ? bytesTick(v, step) : bytes(v),
    step: (raw) => raw <= 1 ? 1 : 2 ** Math.ceil(Math.log2(raw)),
  },
  seconds: {
    text: seconds,
    tick: (v, step) => step > 0 ? secondsTick(v, step) : seconds(v),
    step: (raw) =>
      raw > 1
        ? (TIME_STEPS.find((s) => s >= raw * SECOND_MS) ?? niceStep(raw / 86400) * DAY_MS) /
          SECOND_MS
        : niceStep(raw),
  },
};

/** A value of a series, as people read it. */
export function valueText(v: number | null | undefined, format: ValueFormat = "count"): string {
  if (v === null || v === undefined || !Number.isFinite(v)) return "unknown";
  return FORMATS[format].text(v);
}

/** `v`, with the decimals that tell multiples of `step` apart. */
function decimals(v: number, step: number): string {
  const digits = step > 0 ? Math.ceil(-Math.log10(step)) + 1 : 2;
  return v.toLocaleString("en-US", { maximumFractionDigits: Math.min(Math.max(digits, 0), 12) });
}

function secondsTick(v: number, step: number): string {
  if (v === 0) return "0 s";
  if (v < 0) return "−" + secondsTick(-v, step);
  if (step < 20 && !Number.isInteger(step)) {
    return v < 1 ? `${decimals(v * 1000, step * 1000)} ms` : `${decimals(v, step)} s`;
  }
  const units = [[86400, "d"], [3600, "h"], [60, "m"], [1, "s"]] as const;
  const least = units.find(([u]) => step % u === 0 || step >= 20 * u)?.[0] ?? 1;
  let rest = Math.round(v / least) * least;
  const parts: string[] = [];
  for (const [u, name] of units) {
    if (rest >= u) parts.push(`${count(Math.floor(rest / u))} ${name}`);
    rest %= u;
  }
  return parts.join(" ") || "0 s";
}

/** `v` as exact as it takes to tell it from `v + step`. */
export function tickText(v: number, step: number, format: ValueFormat = "count"): string {
  return FORMATS[format].tick(v, step);
}

function bytesTick(v: number, step: number): string {
  const power = v < 1024 ? 0 : Math.min(Math.floor(Math.log2(v) / 10), 5);
  const unit = 1024 ** power;
  return `${decimals(v / unit, step / unit)} ${["B", "KiB", "MiB", "GiB", "TiB", "PiB"][power]}`;
}

function countTick(v: number, step: number): string {
  return v >= 1e6 ? `${decimals(v / 1e6, step / 1e6)} M` : decimals(v, step);
}

/** The text of each of `values`, which rise; "" where it would only repeat the one before. */
export function tickTexts(values: number[], format?: ValueFormat): string[] {
  let before = "";
  return values.map((v, i) => {
    const gaps = [v - values[i - 1], values[i + 1] - v].filter((gap) => gap > 0);
    const text = tickText(v, gaps.length ? Math.min(...gaps) : 0, format);
    if (text === before) return "";
    return before = text;
  });
}

function niceStep(raw: number): number {
  const power = 10 ** Math.floor(Math.log10(raw));
  const m = raw / power;
  return (m <= 1 ? 1 : m <= 2 ? 2 : m <= 5 ? 5 : 10) * power;
}

/** About `wanted` round values from `lo` to `hi`. */
export function valueTicks(lo: number, hi: number, wanted: number, format: ValueFormat = "count") {
  const raw = (hi - lo) / wanted;
  if (!(raw > 0) || !Number.isFinite(raw)) return [lo];
  const step = FORMATS[format].step(raw);
  const ticks = [];
  for (let k = Math.ceil(lo / step); k * step <= hi; k++) ticks.push(k * step);
  return ticks;
}

/** Ticks at round naive times; the date is written where it changes. */
export function timeTicks(lo: number, hi: number, wanted: number) {
  const raw = (hi - lo) / Math.max(wanted, 1);
  const step = TIME_STEPS.find((s) => s >= raw) ?? Math.ceil(raw / (365 * DAY_MS)) * 365 * DAY_MS;
  const values: Date[] = [];
  const labels = new Map<number, string>();
  let day = "";
  for (let t = Math.ceil(lo / step) * step; t <= hi; t += step) {
    const date = naiveTime(t).slice(0, 10);
    const time = step < SECOND_MS
      ? clock(t).slice(3) + (t / 1000 % 1).toFixed(3).slice(1)
      : step < MINUTE_MS
      ? clock(t)
      : clock(t).slice(0, 5);
    labels.set(t, step >= DAY_MS ? date : date === day ? time : `${time}\n${date}`);
    day = date;
    values.push(new Date(t));
  }
  return { values, label: (d: Date) => labels.get(+d) ?? "" };
}

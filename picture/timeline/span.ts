/** A part of a run's time, naive ms. */
export interface Span {
  from: number;
  to: number;
}

/** The shortest span that can be looked at, ms. */
const LEAST_MS = 10;

/** A span moved by some ms, within the whole. */
export function movedSpan({ from, to }: Span, by: number, whole: Span): Span {
  const length = to - from;
  const start = Math.max(whole.from, Math.min(whole.to - length, from + by));
  return { from: start, to: start + length };
}

/** A span with `factor` times the detail about an instant that stays in its place, within the whole. */
export function zoomedSpan({ from, to }: Span, factor: number, at: number, whole: Span): Span {
  const most = whole.to - whole.from;
  const length = Math.min(most, Math.max(Math.min(LEAST_MS, most), (to - from) / factor));
  const start = at - (at - from) * length / (to - from);
  return movedSpan({ from: start, to: start + length }, 0, whole);
}

/** A span within a whole; the whole when it is none. */
export function checkedSpan({ from, to }: Span, whole: Span): Span {
  const span = { from: Math.max(from, whole.from), to: Math.min(to, whole.to) };
  return span.to - span.from >= LEAST_MS ? span : whole;
}

/** Whether two spans are the same. */
export function isSameSpan(a: Span, b: Span): boolean {
  return a.from === b.from && a.to === b.to;
}

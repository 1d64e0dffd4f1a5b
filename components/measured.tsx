import { bytes, count, seconds } from "../looks/format.ts";
import type { Measured } from "../model/run/measured.ts";

const FORMATS: Readonly<Record<Measured["unit"], (value: number | null) => string>> = {
  seconds,
  bytes,
  count,
  cores: (value) => value === null ? "–" : `${Number(value.toPrecision(3))} cores`,
};

/** A figure of what was used as text, without a word of whether it is exact. */
export function measuredText({ value, unit }: Omit<Measured, "exact">): string {
  return FORMATS[unit](value);
}

/** What the sign of exact figures says. */
export const EXACT = "exact: the system\u2019s own figure, from beginning to end";

/** A figure of what was used; one that is exact has a sign. */
export function MeasuredFigure(figure: Measured) {
  const text = measuredText(figure);
  if (!figure.exact || figure.value === null) return <>{text}</>;
  return (
    <span class="exact" title={EXACT}>
      {text}
      <span class="sr-only">exact</span>
    </span>
  );
}

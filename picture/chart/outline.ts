type Value = number | null | undefined;

/** A corner of what is drawn: `y` above the base `y1`; both are NaN where nothing is known. */
export interface Point {
  x: Date;
  y: number;
  y1: number;
}

/**
 * The outline of values that each hold for a bin; a null leaves a gap, exactly as wide as its bin.
 * Bins of equal height make one step: most of a long run's do.
 *
 * @param x naive milliseconds of the bins' bounds
 * @param base what the values stand upon; 0 if left out
 */
export function stepped(x: number[], values: Value[], base?: number[]): Point[] {
  const points: Point[] = [];
  let last: Point | undefined;
  for (let i = 0; i < Math.min(values.length, x.length); i++) {
    const v = values[i];
    const gap = v === null || v === undefined || !Number.isFinite(v);
    const y1 = gap ? NaN : base?.[i] ?? 0;
    const y = gap ? NaN : v + y1;
    if (!last || !Object.is(last.y, y) || !Object.is(last.y1, y1)) {
      last = { x: new Date(x[i]), y, y1 };
      points.push({ ...last });
      if (!gap) points.push(last);
    }
    if (!gap && i + 1 < x.length) last.x = new Date(x[i + 1]);
  }
  return points;
}

/** The line through values at the naive milliseconds `x`; a null leaves a gap. */
export function straight(x: number[], values: Value[]): Point[] {
  return x.map((t, i) => ({ x: new Date(t), y: values[i] ?? NaN, y1: 0 }));
}

/**
 * What of a sample is a level: it holds until the next sample of the try, or until the try ends.
 * Summed over tries, each level is a line over time.
 */
import { measured } from "./measured.ts";
import type { SampleRow } from "./resource_row.ts";

/** How a level is read off a sample, null where it is unknown; and which capacity it is part of. */
interface LevelSpec {
  of(row: SampleRow): number | null;
  capacity: "memory" | null;
}

/** The levels. One that is added here is kept, packed into reports, and asks for its chart. */
export const LEVELS = {
  /** Resident memory, bytes. */
  memory: { of: ({ resident }) => measured(resident), capacity: "memory" },
} as const satisfies Readonly<Record<string, LevelSpec>>;

export type Level = keyof typeof LEVELS;

/** All levels, in an order that is the same everywhere. */
export const LEVEL_NAMES = Object.keys(LEVELS) as readonly Level[];

/** What a sample says of each level, in the order of `LEVEL_NAMES`; NaN where it is unknown. */
export type LevelValues = ArrayLike<number>;

const READ = LEVEL_NAMES.map((level) => LEVELS[level].of);

/** Reads the levels off a sample. */
export function readLevels(row: SampleRow, into: Float64Array): LevelValues {
  for (let i = 0; i < READ.length; i++) into[i] = READ[i](row) ?? NaN;
  return into;
}

/** Where resident memory stands among the values of levels. */
export const MEMORY = LEVEL_NAMES.indexOf("memory");

/** An object with a value for each level. */
export function byLevel<Value>(
  value: (level: Level, place: number) => Value,
): Record<Level, Value> {
  return Object.fromEntries(
    LEVEL_NAMES.map((level, place) => [level, value(level, place)]),
  ) as Record<Level, Value>;
}

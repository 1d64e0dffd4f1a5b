import { cpuSeconds, measured } from "../run/measured.ts";
import type { ResourceRow } from "../run/resource_row.ts";

/** What was sampled of one try, in order of time: naive ms, bytes, seconds; null is unknown. */
export interface TrySamples {
  tryId: number;
  time: number[];
  memory: (number | null)[];
  cpu: (number | null)[];
  read: (number | null)[];
  write: (number | null)[];
}

/** What the charts of a task show of its samples, a line for each try. */
export interface TaskSamples {
  tries: TrySamples[];
  /** Samples of these tries that there are, of which `tries` has every nth where they are many. */
  recorded: number;
  shown: number;
  /** Tries with samples that are not among them: older ones. */
  moreTries: number;
}

/** Lines in a chart: as many as there are colours. */
const MOST_TRIES = 12;
/** Points in a chart, about. */
const MOST_SAMPLES = 2000;

/**
 * The samples of a task by try, of the newest tries and as many as a chart can show.
 *
 * @param isListed whether a try is among those that the page is about
 */
export function taskSamples(
  rows: readonly ResourceRow[],
  isListed: (tryId: number) => boolean = () => true,
): TaskSamples {
  const byTry = [...Map.groupBy(rows.filter(({ tryId }) => isListed(tryId)), (row) => row.tryId)]
    .sort(([a], [b]) => a - b);
  const drawn = byTry.slice(-MOST_TRIES);
  const recorded = drawn.reduce((sum, [, own]) => sum + own.length, 0);
  const every = Math.ceil(recorded / MOST_SAMPLES);
  const tries = drawn.map(([tryId, own]) =>
    columnsOf(tryId, thinned(own.sort((a, b) => a.time - b.time), every))
  );
  return {
    tries,
    recorded,
    shown: tries.reduce((sum, { time }) => sum + time.length, 0),
    moreTries: byTry.length - drawn.length,
  };
}

/** Every nth sample, and the last. */
function thinned(samples: ResourceRow[], every: number): ResourceRow[] {
  return samples.filter((_, i) => i % every === 0 || i === samples.length - 1);
}

function columnsOf(tryId: number, samples: ResourceRow[]): TrySamples {
  return {
    tryId,
    time: samples.map((s) => s.time),
    memory: samples.map((s) => measured(s.resident)),
    cpu: samples.map(cpuSeconds),
    read: samples.map((s) => s.diskRead),
    write: samples.map((s) => s.diskWrite),
  };
}

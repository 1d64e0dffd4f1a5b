/** The shape `stages`: a workflow of many samples, each with fan-out, fan-in, a join and plots. */
import { STAGE_APPS as APPS } from "./apps.ts";
import { Plan } from "./plan.ts";
import type { Random } from "./random.ts";

/** Filtered parts that one reduce takes, parts that one inference takes, samples of a collect. */
const GROUP = 12;
const INFERENCE = 20;
const BATCH = 64;

interface Sample {
  number: number;
  width: number;
  refinements: number;
  plots: number;
}

/** Tasks so far whose results are remembered. */
interface Memoised {
  checksums: number[];
  filters: number[];
}

function sizeOf({ width, refinements, plots }: Sample): number {
  const fanIn = Math.ceil(width / GROUP) + Math.ceil(width / INFERENCE);
  // fetch, checksum, split, refine and merge are there once.
  return 3 * width + fanIn + refinements + plots + 5;
}

/** A plan of exactly so many tasks. */
export function planStages(tasks: number, random: Random): Plan {
  const plan = new Plan();
  const setup = plan.add(APPS.setup);
  if (tasks > 1) plan.add(APPS.buildIndex, [setup]);
  const typical = Math.min(160, Math.max(4, Math.sqrt(tasks) / 4));
  const collects: number[] = [];
  const memoised: Memoised = { checksums: [], filters: [] };
  let merges: number[] = [];
  for (let number = 0;; number++) {
    // A collect for this batch and the report come yet.
    const left = tasks - plan.size - 2;
    const sample: Sample = {
      number,
      width: Math.min(Math.ceil(random.lognormal(typical, 0.7)), 12 * Math.ceil(typical)),
      refinements: random.between(2, 5),
      plots: random.between(1, 3),
    };
    while (sample.width > 1 && sizeOf(sample) > left) sample.width--;
    if (sizeOf(sample) > left) break;
    merges.push(addSample(plan, sample, memoised, random));
    if (merges.length === BATCH) {
      collects.push(plan.add(APPS.collect, merges));
      merges = [];
    }
  }
  if (merges.length > 0) collects.push(plan.add(APPS.collect, merges));
  if (collects.length > 0) plan.add(APPS.report, collects);
  for (let n = 0; plan.size < tasks; n++) {
    plan.add(APPS.archive, merges.length > 0 ? [merges[n % merges.length]] : [setup]);
  }
  return plan;
}

/** Adds the tasks of one sample; gives its merge. */
function addSample(plan: Plan, sample: Sample, memoised: Memoised, random: Random): number {
  const { number, width } = sample;
  const setup = 0;
  const buildIndex = 1;
  const fetch = plan.add(APPS.fetch, [setup]);
  const known = random.next() < 0.1 ? oneOf(memoised.checksums, random) : -1;
  memoised.checksums.push(plan.add(APPS.checksum, [fetch], { same: known }));
  const split = plan.add(APPS.split, [fetch]);
  // In a few samples one part cannot be aligned at all, and with it goes what needs the whole.
  const broken = number % 131 === 5 ? random.between(0, width - 1) : -1;
  const aligned: number[] = [];
  for (let i = 0; i < width; i++) {
    aligned.push(plan.add(APPS.align, [split, buildIndex], { doomed: i === broken }));
  }
  const calibrated = aligned.map((task) => plan.add(APPS.calibrate, [task]));
  const filtered: number[] = [];
  for (const task of calibrated) {
    const same = random.next() < 0.06 ? oneOf(memoised.filters, random) : -1;
    filtered.push(plan.add(APPS.filter, [task], { same }));
  }
  memoised.filters.push(...filtered);
  const reduced: number[] = [];
  for (let i = 0; i < width; i += GROUP) {
    reduced.push(plan.add(APPS.reduce, filtered.slice(i, i + GROUP)));
  }
  const refine = plan.add(APPS.refine, [reduced[0]], { children: sample.refinements });
  for (let i = 0; i < sample.refinements; i++) {
    plan.add(APPS.refineStep, [], { parent: refine, doomed: i === 1 && number % 211 === 9 });
  }
  const merge = plan.add(APPS.merge, [...reduced, refine]);
  for (let i = 0; i < width; i += INFERENCE) plan.add(APPS.infer, [merge]);
  for (let i = 0; i < sample.plots; i++) {
    plan.add(APPS.plot, [merge], { doomed: random.next() < 0.02 });
  }
  return merge;
}

/** One of the older tasks, which may well be done; -1 when there is none. */
function oneOf(tasks: readonly number[], random: Random): number {
  const older = Math.floor(tasks.length / 2);
  return older === 0 ? -1 : tasks[random.between(0, older - 1)];
}

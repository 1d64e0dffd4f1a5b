/** What the tasks of an app are like. */

/** Executors of a generated run; the last runs join apps, as in Parsl. */
export const EXECUTORS = ["threads", "htex_cpu", "htex_gpu", "_parsl_internal"] as const;
export type Executor = typeof EXECUTORS[number];
/** The index of the executor that runs join apps. */
export const INTERNAL = EXECUTORS.indexOf("_parsl_internal");

export interface App {
  name: string;
  executor: Executor;
  /** Seconds: the durations are lognormal. */
  median: number;
  sigma: number;
  /** How likely a try fails that may succeed when tried again. */
  flaky: number;
  /** MiB of resident memory at the start, and what a minute adds. */
  memory: number;
  growth: number;
  /** Cores kept busy. */
  cores: number;
  /** Processes beneath the worker's. */
  children: number;
  bash: boolean;
  memoize: boolean;
  /** Python's repr of what its tries fail with; `%d` becomes a number. */
  failure: string;
}

function app(name: string, executor: Executor, median: number, rest: Partial<App> = {}): App {
  return {
    name,
    executor,
    median,
    sigma: 0.6,
    flaky: 0.004,
    memory: 118,
    growth: 2,
    cores: 0.95,
    children: 1,
    bash: false,
    memoize: false,
    failure: "ValueError('no convergence after %d iterations')",
    ...rest,
  };
}

/** The apps of the shape `stages`. */
export const STAGE_APPS = {
  setup: app("setup", "threads", 1.5, { flaky: 0 }),
  buildIndex: app("build_index", "htex_cpu", 20, { flaky: 0, memory: 900, children: 4 }),
  fetch: app("fetch", "htex_cpu", 6, {
    sigma: 0.9,
    flaky: 0.03,
    cores: 0.2,
    children: 3,
    bash: true,
    failure: "BashExitFailure('fetch', %d)",
  }),
  checksum: app("checksum", "threads", 0.4, { flaky: 0, memoize: true }),
  split: app("split", "htex_cpu", 5, { cores: 0.7 }),
  align: app("align", "htex_cpu", 22, {
    sigma: 0.8,
    flaky: 0.008,
    memory: 640,
    growth: 40,
    children: 3,
    failure:
      "RuntimeError(\"aligner: seed %d, 'no anchors', after 3 passes; tried Smith\u2013Waterman\")",
  }),
  calibrate: app("calibrate", "htex_cpu", 9, { sigma: 0.7, memory: 210 }),
  filter: app("filter", "htex_gpu", 3, { sigma: 0.5, memoize: true }),
  reduce: app("reduce_group", "htex_cpu", 10, { memory: 420, growth: 25 }),
  refine: app("refine", "_parsl_internal", 0.002, { sigma: 0.4, flaky: 0 }),
  refineStep: app("refine_step", "htex_cpu", 12, { sigma: 0.7 }),
  infer: app("infer", "htex_gpu", 30, {
    sigma: 0.5,
    flaky: 0.012,
    memory: 2400,
    growth: 60,
    cores: 1.6,
    children: 2,
    failure: "MemoryError('CUDA out of memory: tried to allocate %d MiB')",
  }),
  merge: app("merge", "htex_cpu", 25, { memory: 800, growth: 90 }),
  plot: app("plot", "threads", 2.5, { failure: "KeyError('band_%d')" }),
  collect: app("collect", "htex_cpu", 15, { flaky: 0, memory: 500 }),
  report: app("report", "threads", 8, { flaky: 0 }),
  archive: app("archive", "htex_cpu", 4, {
    cores: 0.3,
    children: 3,
    bash: true,
    failure: "BashExitFailure('archive', %d)",
  }),
};

/** Apps of the shapes without stages. */
export const PLAIN_APPS: readonly App[] = [
  app("simulate", "htex_cpu", 14, { sigma: 0.8, memory: 300, growth: 20 }),
  app("analyze", "htex_cpu", 6),
  app("preprocess", "htex_cpu", 3, { bash: true, failure: "BashExitFailure('preprocess', %d)" }),
  app("render", "htex_gpu", 10, { memory: 1500, children: 2 }),
  app("summarize", "threads", 1),
];

/** Seconds that a task of an app takes on average. */
export function meanDuration({ median, sigma }: App): number {
  return median * Math.exp(sigma * sigma / 2);
}

/** The resource page. */
import { type Block, blocksOf } from "../figures/blocks.ts";
import { type Manager, managersOf } from "../figures/capacity.ts";
import { type Histogram, usageHistograms } from "../figures/figures.ts";
import { type PageOf, pageOf } from "../figures/pages.ts";
import { byLevel, type Level } from "../run/levels.ts";
import { cpuSeries, levelSeries, type UsageSeries, workerSeries } from "../figures/series.ts";
import type { Run } from "../run/run.ts";
import { type RunHead, runHead } from "./head.ts";

/** The resource page. Each level is under its own name. */
export interface ResourcesView extends Record<Level, UsageSeries> {
  head: RunHead;
  workers: UsageSeries;
  cpu: UsageSeries;
  cpuPerTask: Histogram;
  meanMemoryPerTask: Histogram;
  peakMemoryPerTask: Histogram;
  samples: number;
  managers: PageOf<Manager>;
  blocks: PageOf<Block>;
}

/** Which pages of the resource page's tables are asked for, from 1. */
export interface FleetPages {
  managers: number;
  blocks: number;
}

/** Managers and blocks on one page of their tables. */
const FLEET_LINES = 100;

/** What a run used, against what there was. */
export function resourcesView(
  run: Run,
  now: number,
  pages: FleetPages = { managers: 1, blocks: 1 },
): ResourcesView {
  const usage = usageHistograms(run);
  return {
    head: runHead(run, now),
    workers: workerSeries(run),
    cpu: cpuSeries(run),
    ...byLevel((level) => levelSeries(run, level)),
    cpuPerTask: usage.cpu,
    meanMemoryPerTask: usage.meanMemory,
    peakMemoryPerTask: usage.peakMemory,
    samples: run.samples.count,
    managers: pageOf(managersOf(run), pages.managers, FLEET_LINES),
    blocks: pageOf(blocksOf(run), pages.blocks, FLEET_LINES),
  };
}

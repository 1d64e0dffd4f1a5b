/** The resource page. */
import { type Block, blocksOf } from "../figures/blocks.ts";
import { type Manager, managersOf } from "../figures/capacity.ts";
import { type Histogram, usageHistograms } from "../figures/figures.ts";
import { type NodeFigures, nodeFigures, type NodeView, nodeViews } from "../figures/nodes.ts";
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
  /** Hosts that were looked at themselves, whoever used them: some of them over time. */
  nodes: PageOf<NodeView>;
  /** The first of them in a table, and how many more there are. */
  nodeFigures: NodeFigures[];
  moreNodes: number;
}

/** Which pages of the resource page's tables are asked for, from 1. */
export interface FleetPages {
  managers: number;
  blocks: number;
  nodes: number;
}

/** Managers and blocks on one page of their tables. */
const FLEET_LINES = 100;
/** Hosts whose charts are on one page. */
const NODES = 8;

/** What a run used, against what there was. */
export function resourcesView(
  run: Run,
  now: number,
  pages: FleetPages = { managers: 1, blocks: 1, nodes: 1 },
): ResourcesView {
  const usage = usageHistograms(run);
  const nodes = nodeFigures(run);
  const shown = pageOf(nodes, pages.nodes, NODES);
  const first = NODES * (shown.page - 1);
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
    nodes: { ...shown, lines: nodeViews(run, first, first + NODES) },
    nodeFigures: nodes.slice(0, FLEET_LINES),
    moreNodes: Math.max(0, nodes.length - FLEET_LINES),
  };
}

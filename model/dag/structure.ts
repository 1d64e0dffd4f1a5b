import { DagMembers } from "./members.ts";
import { appClasses, SEVERAL, UNKNOWN } from "./apps.ts";
import { dagDepths } from "./depth.ts";
import { type GroupEdge, groupEdges } from "./edges.ts";
import { bandHeight, chooseLevel, type DagGrouping, type DagLevel, finestLevel } from "./levels.ts";
import { type DagLinks, release } from "./links.ts";
import { type DagStrata, dagStrata, strataLinks } from "./strata.ts";
import type { DagTasks } from "./tasks.ts";

/** What a group is, apart from what its tasks are doing. */
export interface DagGroup {
  id: string;
  /** Index of its app, `UNKNOWN` or `SEVERAL`. */
  app: number;
  /** What it is called where that is not its app's name. */
  label: string | null;
  /** The least depth of its tasks, and the greatest. */
  depth: number;
  deepest: number;
  /** Dependencies between two of its tasks. */
  inner: number;
}

/** A workflow condensed into groups. Groups stand in order of depth, then app. */
export interface DagStructure extends DagMembers {
  /** How many tasks it covers: those with an index below. */
  count: number;
  level: DagLevel;
  /** The apps that have groups of their own where apps are too many. */
  apart: ReadonlySet<number> | null;
  /** Tasks by app index + 1. */
  tasksOfApp: Int32Array;
  groups: DagGroup[];
  /** Which group each task is in. */
  group: Uint16Array;
  edges: GroupEdge[];
  dependencies: number;
}

export interface StructureOptions {
  /** The most groups, at least 1; 200 unless told. */
  most?: number;
  /** See {@link chooseLevel}. */
  level?: DagLevel;
  /** The finest groups of which there are not too many, chains as they are. */
  finest?: boolean;
  /** The structure of before, whose level and groups stay where they can. */
  before?: DagStructure;
}

/** The most groups of a workflow unless told otherwise. */
export const MOST_GROUPS = 200;

/**
 * Condenses tasks into at most `most` groups: of one app, at one depth or in a band of depths,
 * whatever reads best (see {@link chooseLevel}). A function of its input; what is added to a workflow
 * leaves the ids of groups as they are, unless the workflow comes to need a coarser level, and then
 * groups that go on keep theirs. O(tasks + dependencies).
 */
export function dagStructure(
  tasks: DagTasks,
  links: DagLinks,
  options: StructureOptions = {},
): DagStructure {
  const most = Math.max(1, Math.floor(options.most ?? MOST_GROUPS));
  const classes = appClasses(tasks, most, options.before?.apart ?? null);
  const depth = dagDepths(links);
  const strata = dagStrata(classes.of, depth);
  const between = strataLinks(strata, links);
  const { level, before } = options;
  const grouping = options.finest
    ? finestLevel(strata, most)
    : chooseLevel(strata, between, { most, level, before: before?.level });
  release(classes.of, depth, between.from, between.to, between.count);
  const { groups, number } = groupsOf(tasks, strata, grouping, classes.app);
  const group = new Uint16Array(tasks.count);
  for (let task = 0; task < tasks.count; task++) {
    group[task] = number[grouping.part[strata.of[task]]];
  }
  release(strata.of, strata.app, strata.depth, grouping.part);
  return grouped(tasks, links, groups, group, {
    level: grouping.level,
    apart: classes.apart,
    tasksOfApp: classes.tally,
  });
}

/** The structure of groups that are known, `group[task]` being one of `groups`. */
export function grouped(
  tasks: DagTasks,
  links: DagLinks,
  groups: DagGroup[],
  group: Uint16Array,
  by: Pick<DagStructure, "level" | "apart" | "tasksOfApp">,
): DagStructure {
  const inGroups = dagMembers(tasks, group, groups.length);
  const { edges, inner } = groupEdges(links, group, inGroups);
  groups.forEach((g, i) => g.inner = inner[i]);
  const { count } = tasks;
  return { count, ...by, groups, group, ...inGroups, edges, dependencies: links.deps.length };
}

/** The groups of a grouping, and where each of its parts stands among them. */
function groupsOf(
  tasks: DagTasks,
  strata: DagStrata,
  grouping: DagGrouping,
  apps: number[],
): { groups: DagGroup[]; number: Int32Array } {
  const height = bandHeight(grouping.level);
  const parts: (DagGroup & { part: number })[] = [];
  for (let s = 0; s < strata.count; s++) {
    const part = grouping.part[s];
    const depth = strata.depth[s];
    const known = parts[part];
    if (known) {
      known.depth = Math.min(known.depth, depth);
      known.deepest = Math.max(known.deepest, depth);
      continue;
    }
    const app = apps[strata.app[s]];
    const band = height === Infinity ? 0 : Math.floor(depth / height) * height;
    const id = `${idOfApp(tasks, app)}@${band}`;
    parts[part] = { id, app, label: null, depth, deepest: depth, inner: 0, part };
  }
  const number = new Int32Array(parts.length);
  const groups = parts.sort((a, b) => a.depth - b.depth || a.part - b.part)
    .map(({ part, ...group }, at): DagGroup => {
      number[part] = at;
      return group;
    });
  return { groups, number };
}

/** An app's name as it begins the ids of its groups: without what has a meaning there. */
function idOfApp(tasks: DagTasks, app: number): string {
  if (app === SEVERAL) return "*";
  if (app === UNKNOWN) return "?";
  return tasks.apps[app].replace(
    /[%/@*?]/g,
    (c) => `%${c.charCodeAt(0).toString(16).padStart(2, "0").toUpperCase()}`,
  );
}

/** Sorts tasks by their group. O(tasks). */
function dagMembers(tasks: DagTasks, group: Uint16Array, groups: number): DagMembers {
  const { count, order } = tasks;
  const start = new Int32Array(groups + 1);
  for (let task = 0; task < count; task++) start[group[task] + 1]++;
  for (let g = 0; g < groups; g++) start[g + 1] += start[g];
  const next = start.slice(0, groups);
  const members = new Int32Array(count);
  for (let i = 0; i < count; i++) {
    const task = order ? order[i] : i;
    members[next[group[task]]++] = task;
  }
  return { start, members };
}

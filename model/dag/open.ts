import { OpenedGroup } from "./opened_group.ts";
import { type DagColour, type DagEdge, dagTaskView, type DagView, groupView } from "./view.ts";
import { EdgeCounter, turned } from "./edges.ts";
import { dagLinks } from "./links.ts";
import { MOST_TASKS } from "./nodes.ts";
import { dagHosts, dagTasks, type RunDag, runDag, runGroups, runUsers } from "./run.ts";
import { splitGroup, within } from "./split.ts";
import type { DagStructure } from "./structure.ts";
import { memo } from "../figures/memo.ts";
import type { Run } from "../run/run.ts";

/** So many opened groups of a run are remembered. */
const MOST_OPENED = 16;

/** The inside of a group; `outer` are edges between its nodes and nodes outside. */
export interface OpenedView extends DagView {
  outer: DagEdge[];
}

/**
 * The indexes of the tasks of a node, in the order of their ids; null if there is no such node. Nodes
 * of opened groups are named `GROUP/PART`, single tasks `t` and their id.
 */
export function tasksOfNode(run: Run, id: string): Int32Array | null {
  const dag = runDag(run);
  if (/^t-?\d+$/.test(id)) {
    const task = run.indexOf(Number(id.slice(1)));
    return task === undefined || task >= dag.links.count ? null : Int32Array.of(task);
  }
  const cut = id.lastIndexOf("/");
  if (cut < 0) {
    const structure = runGroups(run);
    const g = indexOfGroup(structure, id);
    return g < 0 ? null : structure.members.subarray(structure.start[g], structure.start[g + 1]);
  }
  const parent = openedGroup(run, id.slice(0, cut));
  const g = parent?.structure ? indexOfGroup(parent.structure, id) : -1;
  if (!parent?.structure || g < 0) return null;
  const { start, members } = parent.structure;
  return members.subarray(start[g], start[g + 1]).map((position) => parent.members[position]);
}

function indexOfGroup({ groups }: DagStructure, id: string): number {
  return groups.findIndex((group) => group.id === id);
}

/** What a group is made of; null if there is no such group. */
export function openedGroup(run: Run, id: string): OpenedGroup | null {
  const dag = runDag(run);
  const known = dag.opened.get(id);
  if (known) return known;
  const members = id.startsWith("t") && !id.includes("@") ? null : tasksOfNode(run, id);
  if (!members) return null;
  const opened = insideOf(run, dag, id, members);
  if (dag.opened.size >= MOST_OPENED) dag.opened.delete(dag.opened.keys().next().value!);
  dag.opened.set(id, opened);
  return opened;
}

function insideOf(run: Run, dag: RunDag, id: string, members: Int32Array): OpenedGroup {
  const count = members.length;
  const place = new Int32Array(dag.links.count).fill(-1);
  const offsets = new Int32Array(count + 1);
  for (let i = 0; i < count; i++) {
    const task = members[i];
    place[task] = i;
    offsets[i + 1] = offsets[i] + dag.links.offsets[task + 1] - dag.links.offsets[task];
  }
  const deps = new Int32Array(offsets[count]);
  for (let i = 0; i < count; i++) {
    const first = dag.links.offsets[members[i]];
    for (let at = offsets[i]; at < offsets[i + 1]; at++) {
      deps[at] = place[dag.links.deps[first + at - offsets[i]]];
    }
  }
  const links = dagLinks(count, offsets, deps);
  const parentOf = (position: number) => {
    const task = members[position];
    const first = dag.links.offsets[task];
    return first < dag.links.offsets[task + 1] ? dag.links.deps[first] : -1;
  };
  const structure = count <= MOST_TASKS
    ? null
    : splitGroup(within(dagTasks(run), members), links, id, parentOf);
  return { members, links, structure, outer: null };
}

/** The inside of a group to draw, depths counted from its first task; null if there is none. */
export function openedDagView(run: Run, id: string, colour: DagColour): OpenedView | null {
  const opened = openedGroup(run, id);
  if (!opened) return null;
  const view = memo(run, `dag ${runDag(run).generation} ${id}`, () => insideView(run, id, opened));
  return { ...view, colour };
}

function insideView(run: Run, id: string, opened: OpenedGroup): OpenedView {
  const { members, links, structure } = opened;
  const drawn = { colour: "apps" as const, hosts: dagHosts(run) };
  const tasks = within(dagTasks(run), members);
  const view = structure ? groupView(tasks, structure, drawn) : dagTaskView(tasks, links, drawn);
  opened.outer ??= outerEdges(run, id, opened, view);
  return { ...view, outer: opened.outer };
}

/** The edges between the nodes of an opened group and those of the graph around it. */
function outerEdges(run: Run, id: string, opened: OpenedGroup, view: DagView): DagEdge[] {
  const { members, structure } = opened;
  const { links } = runDag(run);
  const { offsets, users } = runUsers(run);
  const { far, names } = surroundings(run, id, members);
  const rows = view.nodes.length;
  const into = new EdgeCounter(rows, names.length);
  const out = new EdgeCounter(rows, names.length);
  const met = new Uint16Array(links.count);
  for (let row = 0; row < rows; row++) {
    const from = structure ? structure.start[row] : row;
    const to = structure ? structure.start[row + 1] : row + 1;
    for (let at = from; at < to; at++) {
      const task = members[structure ? structure.members[at] : at];
      for (let i = links.offsets[task]; i < links.offsets[task + 1]; i++) {
        const other = links.deps[i];
        if (far[other] < 0) continue;
        into.add(row, task, far[other], met[other] === row + 1);
        met[other] = row + 1;
      }
    }
  }
  met.fill(0);
  for (let row = 0; row < rows; row++) {
    const from = structure ? structure.start[row] : row;
    const to = structure ? structure.start[row + 1] : row + 1;
    for (let at = from; at < to; at++) {
      const task = members[structure ? structure.members[at] : at];
      for (let i = offsets[task]; i < offsets[task + 1]; i++) {
        const other = users[i];
        if (far[other] < 0) continue;
        out.add(row, task, far[other], met[other] === row + 1);
        met[other] = row + 1;
      }
    }
  }
  const before = into.edges().map((edge) => ({
    ...edge,
    from: names[edge.from],
    to: view.nodes[edge.to].id,
  }));
  const after = out.edges().map(turned).map((edge) => ({
    ...edge,
    from: view.nodes[edge.from].id,
    to: names[edge.to],
  }));
  return [...before, ...after];
}

/** The nodes around an opened group, and of each task the index of its one, -1 inside the group. */
function surroundings(
  run: Run,
  id: string,
  members: Int32Array,
): { far: Int32Array; names: string[] } {
  const structure = runGroups(run);
  const far = Int32Array.from(structure.group);
  const names = structure.groups.map((group) => group.id);
  for (let cut = id.indexOf("/"); cut >= 0; cut = id.indexOf("/", cut + 1)) {
    const parent = id.slice(0, cut);
    const around = openedGroup(run, parent);
    if (!around?.structure) break;
    const first = names.length;
    const { group } = around.structure;
    for (let i = 0; i < group.length; i++) far[around.members[i]] = first + group[i];
    for (const part of around.structure.groups) names.push(part.id);
  }
  for (let i = 0; i < members.length; i++) far[members[i]] = -1;
  return { far, names };
}

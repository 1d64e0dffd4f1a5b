import { MOST_HOSTS } from "./buckets.ts";
import { type DagColour, dagTaskView, type DagView, groupView } from "./view.ts";
import { bestNodes } from "./dense.ts";
import { type DagLinks, dagLinks, type DagUsers, dagUsers, release } from "./links.ts";
import { type DagNodes, MOST_TASKS } from "./nodes.ts";
import type { OpenedGroup } from "./opened_group.ts";
import { type DagStructure, dagStructure } from "./structure.ts";
import type { DagTasks } from "./tasks.ts";
import { memo } from "../figures/memo.ts";
import type { Run } from "../run/run.ts";

/**
 * While a run goes on, at most a tenth of the time goes into condensing its DAG: a structure that
 * took 10 ms stays for 100 ms, and none stays longer than five seconds.
 */
const DUTY_CYCLE = 1 / 10;
const LONGEST_MS = 5_000;

/** What is known of a run's DAG apart from what its tasks are doing. */
export interface RunDag {
  links: DagLinks;
  /** Null where tasks are drawn one by one. */
  structure: DagStructure | null;
  /** The groups that were opened, by their ids; see `openedGroup`. */
  opened: Map<string, OpenedGroup>;
  /** Grows with every condensation. */
  generation: number;
}

interface Kept extends Omit<RunDag, "structure"> {
  /** What is drawn unless something else is asked for. */
  nodes: DagNodes;
  /** Where tasks are drawn one by one, made when it is first asked for; `before` goes into it. */
  groups: DagStructure | null;
  before: DagStructure | undefined;
  /** Whether the run went on when this was made. */
  growing: boolean;
  users: DagUsers | null;
  hosts: { list: string[]; names: number };
  /** What it was made of, and the last version of the run that it was found good for. */
  made: string;
  version: number;
  /** Time of `performance.now()` until which it will do. */
  until: number;
}

const known = new WeakMap<Run, Kept>();

/**
 * The structure of a run's DAG as it is drawn: of `nodes`, unless tasks are too many to be drawn one
 * by one, or of what reads best. It is made anew when tasks, apps or dependencies were added, and of a
 * run that goes on no more often than in a tenth of the time: it may lag by a few seconds. It stays
 * the same for one version of the run, unless {@link runDagView} brings it up to date; its arrays are
 * good until then.
 */
export function runDag(run: Run, nodes?: DagNodes): RunDag {
  const dag = kept(run);
  const { links, opened, generation } = dag;
  return {
    links,
    opened,
    generation,
    structure: drawsTasks(dag, nodes) ? null : groupsOf(run, dag),
  };
}

/** The groups of a run's DAG, whatever it is drawn of. */
export function runGroups(run: Run): DagStructure {
  return groupsOf(run, kept(run));
}

function drawsTasks(dag: Kept, nodes = dag.nodes): boolean {
  return nodes === "tasks" && dag.links.count <= MOST_TASKS;
}

function groupsOf(run: Run, dag: Kept): DagStructure {
  const { links, before } = dag;
  return dag.groups ??= dagStructure(dagTasks(run, links.count), links, { before });
}

/** Tells two moments apart when the structure of a run's DAG would be another one at the second. */
export function dagTurn(run: Run): string {
  const dag = known.get(run);
  if (!dag || (dag.made !== madeOf(run) && isDue(run, dag))) return "due";
  return String(dag.generation);
}

function isDue(run: Run, dag: Kept): boolean {
  return run.workflow.completed !== null || performance.now() >= dag.until;
}

function madeOf(run: Run): string {
  return `${run.tasks} ${run.depIds.length} ${run.joins.size} ${run.tally.ofApp(-1)}`;
}

function kept(run: Run): Kept {
  const before = known.get(run);
  return before?.version === run.version ? before : renewed(run);
}

function renewed(run: Run): Kept {
  const before = known.get(run);
  const made = madeOf(run);
  if (before && (before.made === made || !isDue(run, before))) {
    before.version = run.version;
    return before;
  }
  const began = performance.now();
  if (before) forget(before);
  // What was drawn of a run that had ended, but was not all read yet, has no claim to stay.
  const drawn = before?.growing ? before : undefined;
  const links = runLinks(run);
  const dag: Kept = {
    links,
    nodes: bestNodes(links, drawn?.nodes),
    groups: null,
    before: drawn?.groups ?? drawn?.before,
    growing: run.workflow.completed === null,
    opened: new Map(),
    generation: (before?.generation ?? 0) + 1,
    users: null,
    hosts: before?.hosts ?? { list: [], names: 0 },
    made,
    version: run.version,
    until: 0,
  };
  if (dag.nodes === "groups") groupsOf(run, dag);
  const now = performance.now();
  dag.until = now + Math.min(LONGEST_MS, (now - began) / DUTY_CYCLE);
  known.set(run, dag);
  return dag;
}

/** Gives back the memory of what is made anew. */
function forget({ links, users, groups }: Kept): void {
  release(links.offsets, links.deps);
  if (users) release(users.offsets, users.users);
  if (groups) release(groups.start, groups.members);
}

/** Who waits for whom, turned round; made when it is first asked for. */
export function runUsers(run: Run): DagUsers {
  const dag = kept(run);
  return dag.users ??= dagUsers(dag.links);
}

/** The hosts that have colours: the most used, which keep their places when others come. */
export function dagHosts(run: Run): string[] {
  const { hosts } = kept(run);
  const { names } = run;
  if (hosts.names === names.list.length || hosts.list.length >= MOST_HOSTS) return hosts.list;
  hosts.names = names.list.length;
  const uses = new Int32Array(names.list.length + 1);
  for (let t = 0; t < run.tryHost.length; t++) uses[run.tryHost.data[t] + 1]++;
  const fresh = names.list.map((name, i) => ({ name, uses: uses[i + 1] }))
    .filter((host) => host.uses > 0 && !hosts.list.includes(host.name))
    .sort((a, b) => b.uses - a.uses || (a.name < b.name ? -1 : 1));
  hosts.list = [...hosts.list, ...fresh.map(({ name }) => name)].slice(0, MOST_HOSTS);
  return hosts.list;
}

/** The DAG to draw for a run, of `nodes` as far as {@link runDag} allows. */
export function runDagView(run: Run, colour: DagColour, nodes?: DagNodes): DagView {
  renewed(run);
  const { links, structure, generation } = runDag(run, nodes);
  const view = memo(run, `dag ${generation} ${structure ? "groups" : "tasks"}`, () => {
    const tasks = dagTasks(run, links.count);
    const drawn = { colour, hosts: dagHosts(run) };
    return structure ? groupView(tasks, structure, drawn) : dagTaskView(tasks, links, drawn);
  });
  return view.colour === colour ? view : { ...view, colour };
}

/** The first `count` tasks of a run as the DAG sees them; good until the next fold. */
export function dagTasks(run: Run, count = run.tasks): DagTasks {
  return {
    count,
    ids: run.taskId.data,
    order: run.inOrder ? null : run.tasksById().filter((task) => task < count),
    app: run.taskApp.data,
    state: run.taskState.data,
    apps: [...run.apps.list, "unknown"],
    states: [...run.states.list, "unknown"],
    joins: run.joins.marks(count),
    tries: {
      newest: run.taskLastTry.data,
      before: run.tryPrev.data,
      running: run.tryRunning.data,
      ended: run.tryEnded.data,
    },
  };
}

/** What all tasks of a run wait for of those that it knows: dependencies, and what a join joins. */
function runLinks(run: Run): DagLinks {
  const count = run.tasks;
  const offsets = new Int32Array(count + 1);
  const deps = new Int32Array(run.depIds.length + run.joins.ids.length);
  const joins = run.joins.size > 0 ? run.joins : null;
  const start = run.depStart.data;
  const length = run.depCount.data;
  const ids = run.depIds.data;
  const own = run.taskId.data;
  let at = 0;
  for (let task = 0; task < count; task++) {
    const end = start[task] + length[task];
    for (let i = start[task]; i < end; i++) {
      const id = ids[i];
      // Mostly the id is the index.
      deps[at++] = id >= 0 && id < count && own[id] === id ? id : run.indexOf(id) ?? -1;
    }
    for (const id of joins?.of(task) ?? []) deps[at++] = run.indexOf(id) ?? -1;
    offsets[task + 1] = at;
  }
  return dagLinks(count, offsets, deps);
}

import { OTHER_CAUSES } from "../run/causes.ts";
import { listed } from "../cause/exceptions.ts";
import { type CauseStanding, FailureRoots, NOT_RECORDED, STANDING } from "./failure_roots.ts";
import { memo } from "./memo.ts";
import type { Run } from "../run/run.ts";
import { isFailed, isFinal, isNotRun } from "../../parsl/states.ts";

/** What a failure without a text is listed as, and one of a dependency that nothing is known of. */
export const NO_CAUSE = "no cause recorded";
export const UNKNOWN_DEPENDENCY = "a dependency of which nothing is recorded";

/**
 * Failures with the same cause. Each task is counted in one group only: that of its last try that
 * failed; one that was not run, in that of the failures that its dependencies began with.
 */
export interface FailureGroup {
  /** The exception without what differs from task to task; of no two groups the same. */
  cause: string;
  /** One of the texts to the letter, of a very long one the ends; "" when none was recorded. */
  example: string;
  /** Tasks that failed for good. */
  failed: number;
  /** Tasks that were not run, because a dependency failed of this. */
  notRun: number;
  /** Tasks that have not ended: they may be tried again while the run goes on. */
  open: number;
  /** Tasks that ended well in a later try. */
  saved: number;
  /** Tasks of other groups, whose later tries failed of another cause. */
  again: number;
  /** Tries that failed of this. */
  tries: number;
  /** How many causes stand together here. */
  merges: number;
  /** When the first of them failed, naive ms. */
  first: number | null;
  /** Whose tasks failed of it; where none did, whose tasks were not run. */
  apps: string[];
  /** Where most of the tries were, the first three, and how many hosts there are beside. */
  hosts: string[];
  moreHosts: number;
  /** Ids of some of the tasks, those that failed first. */
  tasks: number[];
}

/** What a task of a group is counted as, by how it stands. */
const COUNTED: Record<CauseStanding, "open" | "saved" | "failed" | "notRun"> = {
  [STANDING.open]: "open",
  [STANDING.good]: "saved",
  [STANDING.failed]: "failed",
  [STANDING.notRun]: "notRun",
};

/** A group while its tasks are counted. */
interface Tally {
  group: FailureGroup;
  apps: Set<number>;
  /** Apps of tasks that were not run. */
  idle: Set<number>;
  hosts: Map<number, number>;
  others: number[];
  /** The last task that was counted. */
  task: number;
  /** Its place among those found. */
  place: number;
  /** Whether it is of one cause alone, which has this label. */
  own: boolean;
}

interface Grouped {
  groups: FailureGroup[];
  /** Per task its group's place in the order found, -1 for none; null without any failure. */
  ofTask: Int32Array | null;
  found: FailureGroup[];
}

/** What failed and why: the groups with most tasks that failed for good first. */
export function failureGroups(run: Run, perGroup = 20): FailureGroup[] {
  return grouped(run, perGroup).groups;
}

/** 1 for each task, by index, that is counted in the group of a cause; null when there is none. */
export function tasksOfCause(run: Run, cause: string): Uint8Array | null {
  const { found, ofTask } = grouped(run, 20);
  const place = found.findIndex((group) => group.cause === cause);
  return place < 0 || !ofTask ? null : Uint8Array.from(ofTask, (of) => of === place ? 1 : 0);
}

function grouped(run: Run, perGroup: number): Grouped {
  return memo(run, `failures ${perGroup}`, () => new Grouping(run, perGroup).result());
}

class Grouping {
  readonly #run: Run;
  readonly #perGroup: number;
  readonly #standing: Uint8Array;
  readonly #retryable: number;
  readonly #tallies: Tally[] = [];
  readonly #byLabel = new Map<string, Tally>();
  readonly #byCause = new Map<number, Tally>();
  readonly #failing: boolean[];
  #roots: FailureRoots | null = null;
  #ofTask: Int32Array | null = null;

  constructor(run: Run, perGroup: number) {
    this.#run = run;
    this.#perGroup = perGroup;
    this.#standing = Uint8Array.from([
      STANDING.open,
      ...run.states.list.map((state) =>
        isNotRun(state)
          ? STANDING.notRun
          : isFailed(state)
          ? STANDING.failed
          : isFinal(state)
          ? STANDING.good
          : STANDING.open
      ),
    ]);
    this.#retryable = run.states.find("fail_retryable") ?? -2;
    this.#failing = run.states.list.map((state) => isFailed(state) || state === "fail_retryable");
  }

  result(): Grouped {
    const { taskState, taskLastTry, tryFailure, tryPrev, tasks, inOrder } = this.#run;
    const order = inOrder ? null : this.#run.tasksById();
    for (let i = 0; i < tasks; i++) {
      const task = order ? order[i] : i;
      const state = taskState.data[task];
      const newest = taskLastTry.data[task];
      if (this.#standing[state + 1] < STANDING.failed) {
        if (newest < 0) continue;
        const isFirst = tryFailure.data[newest] < 0 && tryPrev.data[newest] < 0;
        if (isFirst && state !== this.#retryable) continue;
      }
      this.#count(task, state, newest);
    }
    const found = this.#tallies.map((tally) => this.#finished(tally));
    return { found, groups: [...found].sort(compare), ofTask: this.#ofTask };
  }

  #count(task: number, state: number, newest: number): void {
    const { tryFailure, tryPrev, taskId } = this.#run;
    const standing = this.#standing[state + 1];
    let attempt = newest;
    if (standing < STANDING.failed && state !== this.#retryable && tryFailure.data[newest] < 0) {
      attempt = tryPrev.data[newest];
    }
    const tally = standing === STANDING.notRun ? this.#ofNotRun(task) : this.#of(task, attempt);
    const { group } = tally;
    tally.task = task;
    const apps = standing === STANDING.notRun ? tally.idle : tally.apps;
    apps.add(this.#run.taskApp.data[task]);
    this.#ofTask ??= new Int32Array(this.#run.tasks).fill(-1);
    this.#ofTask[task] = tally.place;
    group[COUNTED[standing as CauseStanding]]++;
    const list = standing === STANDING.failed ? group.tasks : tally.others;
    if (list.length < this.#perGroup) list.push(taskId.data[task]);
    this.#countTries(task, attempt, standing === STANDING.notRun ? tally : null);
  }

  /** Counts a try of a task that failed, and all those before it: each was followed by another. */
  #countTries(task: number, newest: number, notRun: Tally | null): void {
    const { tryPrev, tryHost, life, tryNumber, tryEnded, clock } = this.#run;
    let event = life.newest.data[task];
    for (let attempt = newest; attempt >= 0; attempt = tryPrev.data[attempt]) {
      const isNotRun = notRun !== null && attempt === newest;
      const tally = isNotRun ? notRun : this.#of(task, attempt);
      if (!isNotRun) tally.group.tries++;
      if (tally.task !== task) {
        tally.task = task;
        tally.group.again++;
        tally.apps.add(this.#run.taskApp.data[task]);
      }
      const host = tryHost.data[attempt];
      if (host >= 0 && !isNotRun) tally.hosts.set(host, (tally.hosts.get(host) ?? 0) + 1);
      const number = tryNumber.data[attempt];
      while (event >= 0 && life.tryNumber.data[event] > number) event = life.before.data[event];
      let time = tryEnded.data[attempt];
      for (
        let at = event;
        at >= 0 && life.tryNumber.data[at] === number;
        at = life.before.data[at]
      ) {
        // What Parsl itself stamped: the end may be the worker's clock's.
        if (this.#failing[life.state.data[at]]) time = clock.timeOf(life.tick.data[at]);
      }
      const { first } = tally.group;
      if (!Number.isNaN(time) && (first === null || time < first)) tally.group.first = time;
    }
  }

  #of(task: number, attempt: number): Tally {
    const { tryFailure, causes } = this.#run;
    const cause = attempt < 0 ? NOT_RECORDED : tryFailure.data[attempt];
    if (cause >= 0 && causes.rootsOf(cause)?.length === 0) {
      // A failure of other tasks that does not say which: the graph knows them.
      const isNewest = attempt === this.#run.taskLastTry.data[task];
      const roots = isNewest ? this.#rootsOf(task).filter((root) => root !== cause) : [];
      if (roots.length > 0) return this.#named(`${causes.list[cause]} from ${this.#texts(roots)}`);
    }
    return this.#ofCause(cause);
  }

  #ofNotRun(task: number): Tally {
    const roots = this.#rootsOf(task);
    if (roots.length === 1) return this.#ofCause(roots[0]);
    return this.#named(roots.length === 0 ? UNKNOWN_DEPENDENCY : this.#texts(roots));
  }

  #rootsOf(task: number): readonly number[] {
    return (this.#roots ??= new FailureRoots(this.#run, this.#standing)).of(task);
  }

  #texts(roots: readonly number[]): string {
    return listed(
      roots.map((root) => root === NOT_RECORDED ? NO_CAUSE : this.#run.causes.list[root]).sort(),
    );
  }

  #ofCause(cause: number): Tally {
    let tally = this.#byCause.get(cause);
    if (tally === undefined) {
      const { list, examples, merged } = this.#run.causes;
      tally = this.#named(cause === NOT_RECORDED ? NO_CAUSE : list[cause], true);
      if (cause !== NOT_RECORDED) tally.group.example = examples[cause];
      if (tally.group.cause === OTHER_CAUSES) tally.group.merges = Math.max(1, merged);
      this.#byCause.set(cause, tally);
    }
    return tally;
  }

  /** The tally of a label; of a cause whose label another has already, one of its own. */
  #named(label: string, own = false): Tally {
    let name = label;
    for (let n = 2; own && this.#byLabel.get(name)?.own; n++) name = `${label} (${n})`;
    let tally = this.#byLabel.get(name);
    if (tally === undefined) {
      const place = this.#tallies.length;
      tally = { ...emptyTally(name), place };
      this.#byLabel.set(name, tally);
      this.#tallies.push(tally);
    }
    tally.own ||= own;
    return tally;
  }

  #finished({ group, apps, idle, hosts, others }: Tally): FailureGroup {
    const { names } = this.#run;
    const most = [...hosts].map(([host, tries]) => ({ name: names.at(host) ?? "", tries }))
      .sort((a, b) => b.tries - a.tries || (a.name < b.name ? -1 : 1));
    return {
      ...group,
      apps: Array.from(apps.size > 0 ? apps : idle, (app) => this.#run.apps.at(app) ?? "unknown")
        .sort(),
      hosts: most.slice(0, 3).map(({ name }) => name),
      moreHosts: Math.max(0, most.length - 3),
      tasks: [...group.tasks, ...others].slice(0, this.#perGroup),
    };
  }
}

function emptyTally(cause: string): Tally {
  const group: FailureGroup = {
    ...{ cause, example: "", failed: 0, notRun: 0, open: 0, saved: 0, again: 0, tries: 0 },
    ...{ merges: 1, first: null, apps: [], hosts: [], moreHosts: 0, tasks: [] },
  };
  const none = {
    apps: new Set<number>(),
    idle: new Set<number>(),
    hosts: new Map<number, number>(),
  };
  return { group, ...none, others: [], task: -1, place: -1, own: false };
}

function compare(a: FailureGroup, b: FailureGroup): number {
  return b.failed - a.failed || b.notRun - a.notRun || b.open - a.open || b.again - a.again ||
    b.saved - a.saved || (a.cause < b.cause ? -1 : 1);
}

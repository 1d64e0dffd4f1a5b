/** From the names of parents and children, or else from files, to places of tasks. */
import { counted } from "./sentences.ts";
import type { TraceTask, UnlinkedTask } from "./trace.ts";
import { linkByFiles } from "./wf_file_links.ts";

/** Tasks with their parents, and what was found on the way. */
export interface LinkedTasks {
  tasks: TraceTask[];
  /** Parents and children that no task is called. */
  unknownLinks: number;
  remarks: string[];
}

/** Stands for several tasks of one name. */
const SEVERAL = -1;

/**
 * Gives every task its parents as places. An edge may be told at either end, or at both; those to
 * tasks that the trace does not have are counted and left out, and so are those to a name that
 * several tasks have. An id is meant before a name. Where that tells no edge at all, the files do.
 */
export function linkTasks(unlinked: readonly UnlinkedTask[]): LinkedTasks {
  const placeOf = placesByName(unlinked);
  let parents = unlinked.map(() => new Set<number>());
  const remarks: string[] = [];
  let [links, unknownLinks, ambiguous] = [0, 0, 0];
  const link = (name: string, add: (other: number) => void) => {
    const other = placeOf(name);
    if (other === undefined) unknownLinks++;
    else if (other === SEVERAL) ambiguous++;
    else {
      links++;
      add(other);
    }
  };
  unlinked.forEach((task, place) => {
    for (const name of task.parents) link(name, (parent) => parents[place].add(parent));
    for (const name of task.children) link(name, (child) => parents[child].add(place));
  });
  if (ambiguous > 0) {
    remarks.push(
      `${counted(ambiguous, "link")} to a name that several tasks have: left out.`,
    );
  }
  if (links === 0) {
    const byFiles = linkByFiles(unlinked);
    parents = byFiles.parents;
    if (byFiles.count > 0) {
      const count = counted(byFiles.count, "dependency comes", "dependencies come");
      remarks.push(
        `${count} from files that one task writes and another reads; parents and children of ` +
          "tasks tell none.",
      );
    }
    remarks.push(...byFiles.remarks);
  }
  return {
    tasks: unlinked.map((task, place) => linked(task, parents[place])),
    unknownLinks,
    remarks,
  };
}

function linked(unlinked: UnlinkedTask, parents: Set<number>): TraceTask {
  const {
    names: _,
    children: __,
    reads: ___,
    writes: ____,
    unclear: _____,
    badStart: ______,
    ...task
  } = unlinked;
  return {
    ...task,
    runtime: task.runtime ?? 0,
    parents: [...parents].sort((a, b) => a - b),
  };
}

function placesByName(unlinked: readonly UnlinkedTask[]): (name: string) => number | undefined {
  const sure = new Map<string, number>();
  const other = new Map<string, number>();
  unlinked.forEach(({ names }, place) => {
    names.forEach((name, rank) => {
      const places = rank === 0 ? sure : other;
      places.set(name, places.has(name) ? SEVERAL : place);
    });
  });
  return (name) => sure.get(name) ?? other.get(name);
}

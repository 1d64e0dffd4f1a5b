/** The starts that a trace tells, without those that cannot be. */
import type { TaskGraph } from "./order.ts";
import { counted, secondsText } from "./sentences.ts";
import type { Trace } from "./trace.ts";
import { type ClockTime, elapsed } from "./wf_time.ts";

/** Starts that can be relied on. */
export interface Starts {
  /** By place of the task, milliseconds after the beginning of the run; NaN for unknown. */
  recorded: Float64Array;
  /** Tasks whose start the trace tells, and which was not taken. */
  refused: number;
  /** Why, in sentences. */
  remarks: string[];
}

/** By how many milliseconds a task may start before its parents end: clocks of hosts differ. */
export const CLOCKS_MS = 5000;
/** Starts within less than this part of the time that tasks take one after the other are no starts. */
const BUNCHED = 1 / 4;

/**
 * Takes the starts of a trace that its dependencies allow:
 *
 * - None, where all lie closer together than tasks that wait for each other can: some programs write
 *   the time at which the trace was made.
 * - Not that of a task which would start before its parents can have ended, nor that of one which
 *   would end after several of its children have started while these agree with all others.
 * - Not one before the beginning of the run; but where most are, or all are after its end, the clock
 *   was another one, and they are counted from the earliest.
 */
export function startsOf(trace: Trace, graph: TaskGraph): Starts {
  const { tasks } = trace;
  const began = zoned(trace);
  const recorded = Float64Array.from(
    tasks,
    ({ started }) => started === null ? NaN : elapsed(began, started),
  );
  const told = knownIn(recorded);
  const remarks: string[] = [];
  if (told === 0) return { recorded, refused: 0, remarks };
  const bunched = bunchOf(trace, graph, recorded);
  if (bunched !== null) {
    recorded.fill(NaN);
    return { recorded, refused: told, remarks: [bunched] };
  }
  remarks.push(...placeInRun(trace, recorded));
  remarks.push(...dropContradicting(trace, graph, recorded));
  return { recorded, refused: told - knownIn(recorded), remarks };
}

/**
 * The beginning with a zone, where tasks have different ones and it has none: that of the task which
 * started first.
 */
function zoned({ tasks, began }: Trace): ClockTime {
  if (began.offset !== null) return began;
  const zones = new Set<number>();
  let first: { at: number; offset: number } | null = null;
  for (const { started } of tasks) {
    if (started === null || started.offset === null) continue;
    zones.add(started.offset);
    const at = started.naive - started.offset;
    if (first === null || at < first.at) first = { at, offset: started.offset };
  }
  return first !== null && zones.size > 1 ? { ...began, offset: first.offset } : began;
}

/** A sentence when starts are too close together to be some; else null. */
function bunchOf(trace: Trace, { order }: TaskGraph, recorded: Float64Array): string | null {
  const { tasks } = trace;
  let [first, last, needed] = [Infinity, -Infinity, 0];
  let wholeSeconds = true;
  // How long after the first start a task must start; without one before it, -Infinity.
  const after = new Float64Array(tasks.length).fill(-Infinity);
  for (const task of order) {
    for (const parent of tasks[task].parents) {
      const from = Number.isNaN(recorded[parent]) ? after[parent] : Math.max(0, after[parent]);
      after[task] = Math.max(after[task], from + tasks[parent].runtime * 1000);
    }
    if (Number.isNaN(recorded[task])) continue;
    first = Math.min(first, recorded[task]);
    last = Math.max(last, recorded[task]);
    needed = Math.max(needed, after[task]);
    wholeSeconds &&= tasks[task].started!.naive % 1000 === 0;
  }
  const span = last - first;
  if (span + (wholeSeconds ? 1000 : 0) >= needed * BUNCHED) return null;
  return `The starts of all ${counted(knownIn(recorded), "task")} that have one lie within ` +
    `${secondsText(span)}, while tasks that wait for each other take ${
      secondsText(needed)
    }: they ` +
    "contradict the dependencies (they may be when the trace was made), and computed ones replace " +
    "them.";
}

function placeInRun(trace: Trace, recorded: Float64Array): string[] {
  const end = (trace.makespan ?? 0) * 1000;
  let [told, before, behind, first] = [0, 0, 0, Infinity];
  for (const start of recorded) {
    if (Number.isNaN(start)) continue;
    told++;
    first = Math.min(first, start);
    if (start < -CLOCKS_MS) before++;
    if (end > 0 && start > end + CLOCKS_MS) behind++;
  }
  const remarks: string[] = [];
  if (before * 2 > told || behind === told) {
    const where = behind === told ? "after the run's end" : "before the run's beginning";
    const which = behind === told ? "All" : "Most";
    remarks.push(
      `${which} starts lie ${where} (the earliest ${secondsText(Math.abs(first))} ` +
        `${first < 0 ? "before" : "after"} its beginning): they are counted from the earliest.`,
    );
    for (let place = 0; place < recorded.length; place++) recorded[place] -= first;
  } else if (before > 0) {
    remarks.push(
      `The starts of ${counted(before, "task")} lie before the beginning of the run (by up to ` +
        `${secondsText(-first)}): computed ones replace them.`,
    );
    recorded.forEach((start, place) => {
      if (start < -CLOCKS_MS) recorded[place] = NaN;
    });
  }
  for (let place = 0; place < recorded.length; place++) {
    recorded[place] = Math.max(0, recorded[place]);
  }
  return remarks;
}

function dropContradicting(trace: Trace, graph: TaskGraph, recorded: Float64Array): string[] {
  const { tasks } = trace;
  const runEnd = trace.makespan ? trace.makespan * 1000 + CLOCKS_MS : Infinity;
  const earliest = new Float64Array(tasks.length);
  let [early, late, most, example] = [0, 0, 0, -1];
  for (const task of graph.order) {
    const runtime = tasks[task].runtime * 1000;
    const start = recorded[task];
    if (!Number.isNaN(start)) {
      const lacking = earliest[task] - start;
      if (lacking > CLOCKS_MS) {
        early++;
        if (lacking > most) [most, example] = [lacking, task];
        recorded[task] = NaN;
      } else if (
        isTooLate(graph.children[task], recorded, earliest[task], start, runtime, runEnd)
      ) {
        late++;
        recorded[task] = NaN;
      }
    }
    const end = (Number.isNaN(recorded[task]) ? earliest[task] : recorded[task]) + runtime;
    for (const child of graph.children[task]) earliest[child] = Math.max(earliest[child], end);
  }
  const remarks: string[] = [];
  if (early > 0) {
    remarks.push(
      `The starts of ${counted(early, "task")} contradict the dependencies (${tasks[example].id} ` +
        `would start ${secondsText(most)} before what it waits for has ended): computed ones ` +
        "replace them.",
    );
  }
  if (late > 0) {
    remarks.push(
      `The starts of ${counted(late, "task")} contradict the dependencies (later than what waits ` +
        "for them): computed ones replace them.",
    );
  }
  return remarks;
}

/** Whether children say that their parent started earlier than its start says. */
function isTooLate(
  children: readonly number[],
  recorded: Float64Array,
  earliest: number,
  start: number,
  runtime: number,
  runEnd: number,
): boolean {
  let [agree, deny] = [0, 0];
  for (const child of children) {
    if (recorded[child] >= start + runtime - CLOCKS_MS) agree++;
    else if (recorded[child] >= earliest + runtime - CLOCKS_MS) deny++;
  }
  return deny > agree && (deny > 1 || start + runtime > runEnd);
}

function knownIn(recorded: Float64Array): number {
  return recorded.reduce((sum, start) => sum + (Number.isNaN(start) ? 0 : 1), 0);
}

/** Workflow traces in WfFormat, the JSON of WfCommons: what they tell, whatever their version. */
import { ImportError, naming } from "./import_error.ts";
import { type ImportLimits, importLimits, parseJson, requireMemory } from "./limits.ts";
import { counted } from "./sentences.ts";
import type { Trace, TraceTask, UnlinkedTask } from "./trace.ts";
import { isFields, objectIn, textIn, type WfFields } from "./wf_fields.ts";
import { flatTasks } from "./wf_flat.ts";
import { linkTasks } from "./wf_links.ts";
import { machinesOf } from "./wf_machines.ts";
import { splitTasks } from "./wf_split.ts";
import { type ClockTime, elapsed, parseClockTime } from "./wf_time.ts";

/** Versions before 1.5 have flat tasks; since then the graph and its execution stand apart. */
const FLAT = ["1.0", "1.1", "1.2", "1.3", "1.4"];
const SPLIT = ["1.5", "1.6"];
/** Bytes that are made of a task, about, until its rows are written. */
const TASK_BYTES = 2000;
/** Seconds of the longest run time and makespan that are taken for one: a hundred years. */
const LONGEST_S = 100 * 365.25 * 86_400;

/**
 * Reads a trace.
 *
 * @param path names the file in messages
 * @throws {ImportError} when the text is not WfFormat, or tells no run.
 */
export function parseTrace(
  text: string,
  path: string,
  limits: ImportLimits = importLimits(),
): Trace {
  let root: unknown;
  try {
    root = parsed(text, path, limits);
  } catch (error) {
    if (error instanceof ImportError) throw error;
    // The runtime's message quotes lines of the text.
    const reason = (error as Error).message.replace(/\s+/g, " ");
    throw new ImportError(`${path} is not JSON (${reason}).`);
  }
  if (!isFields(root) || !isFields(root.workflow)) {
    throw new ImportError(`${path} is JSON, but not a workflow trace in WfFormat.`);
  }
  const fields = root;
  requireMemory(text.length + TASK_BYTES * tasksIn(root.workflow), path, limits);
  return naming(path, () => traceOf(fields));
}

/** How many tasks a workflow lists, wherever its version has them. */
function tasksIn(workflow: WfFields): number {
  const { specification } = workflow;
  const lists = [workflow.tasks, workflow.jobs, isFields(specification) && specification.tasks];
  return lists.reduce<number>((sum, list) => sum + (Array.isArray(list) ? list.length : 0), 0);
}

/** An integer that a number does not hold. */
const LONG = /[[:,]\s*-?\d{16,}\s*[,\]}]/;

/** A JSON value in which integers that a number does not hold are texts: some are ids. */
function parsed(text: string, path: string, limits: ImportLimits): unknown {
  if (!LONG.test(text)) return parseJson(text, path, limits);
  const exact = (_: string, value: unknown, { source }: { source?: string }) =>
    typeof value === "number" && !Number.isSafeInteger(value) && /^-?\d+$/.test(source ?? "")
      ? source
      : value;
  return parseJson(text, path, limits, exact as (key: string, value: unknown) => unknown);
}

function traceOf(root: WfFields): Trace {
  const version = textIn(root, "schemaVersion");
  if (version === null) throw new ImportError("it has no schemaVersion, so it is not WfFormat");
  const flat = FLAT.includes(version);
  if (!flat && !SPLIT.includes(version)) {
    const known = [...FLAT, ...SPLIT].join(", ");
    throw new ImportError(`it is of WfFormat's version ${version}, and ${known} can be read`);
  }
  const workflow = objectIn(root, "workflow");
  const execution = flat ? workflow : objectIn(workflow, "execution");
  const system = objectIn(root, root.runtimeSystem === undefined ? "wms" : "runtimeSystem");
  const systemName = textIn(system, "name");
  const { tasks: unlinked, unplanned } = flat
    ? { tasks: flatTasks(workflow, version, systemName), unplanned: 0 }
    : splitTasks(workflow);
  if (unlinked.length === 0) throw new ImportError("it has no tasks");
  requireRuntimes(unlinked);
  const { tasks, unknownLinks, remarks } = linkTasks(unlinked);
  const { began, doubt } = beginning(root, execution, tasks);
  const makespan = makespanIn(execution);
  return {
    version,
    name: textIn(root, "name") ?? "unnamed",
    system: systemName ?? "unknown",
    systemVersion: textIn(system, "version"),
    author: textIn(objectIn(root, "author"), "name"),
    began,
    makespan: typeof makespan === "string" ? null : makespan,
    tasks,
    machines: machinesOf(execution),
    unknownLinks,
    remarks: [
      ...remarks,
      ...doubtsOf(unlinked, unplanned),
      ...(typeof makespan === "string" ? [makespan] : []),
      ...(doubt === null ? [] : [doubt]),
    ],
  };
}

/** When the run began, and a sentence where that does not stand in the field for it. */
function beginning(
  root: WfFields,
  execution: WfFields,
  tasks: readonly TraceTask[],
): { began: ClockTime; doubt: string | null } {
  const told = textIn(execution, "executedAt");
  const time = told === null ? null : parseClockTime(told);
  if (time !== null) return { began: time, doubt: null };
  const why = told === null
    ? "When the run began is not in the trace"
    : `When the run began, ${JSON.stringify(told)}, is no time`;
  const first = earliest(tasks);
  if (first !== null) {
    return { began: first, doubt: `${why}; the earliest start of a task is taken.` };
  }
  const created = textIn(root, "createdAt");
  const made = created === null ? null : parseClockTime(created);
  if (made !== null) return { began: made, doubt: `${why}; when the trace was made is taken.` };
  throw new ImportError("neither executedAt nor createdAt tells when it ran");
}

function earliest(tasks: readonly TraceTask[]): ClockTime | null {
  let first: ClockTime | null = null;
  for (const { started } of tasks) {
    if (started !== null && (first === null || elapsed(started, first) > 0)) first = started;
  }
  return first;
}

/** Seconds, null without, or a sentence when it is no makespan. */
function makespanIn(execution: WfFields): number | string | null {
  const value = execution.makespanInSeconds ?? execution.makespan ?? null;
  if (value === null) return null;
  if (typeof value === "number" && value >= 0 && value <= LONGEST_S) return value;
  const text = JSON.stringify(value).slice(0, 40);
  return `The makespan in the trace, ${text}, is no number of seconds that a run takes: left out.`;
}

function doubtsOf(tasks: readonly UnlinkedTask[], unplanned: number): string[] {
  const doubts: string[] = [];
  const bad = tasks.filter(({ badStart }) => badStart !== null);
  if (bad.length > 0) {
    const example = JSON.stringify(bad[0].badStart!.slice(0, 40));
    doubts.push(
      `The starts of ${counted(bad.length, "task")} are no times (${example}): left out.`,
    );
  }
  const unclear = tasks.reduce((sum, task) => sum + task.unclear, 0);
  if (unclear > 0) {
    doubts.push(
      `${
        counted(unclear, "file")
      } of tasks without a name, or neither "input" nor "output": left out.`,
    );
  }
  if (unplanned > 0) {
    doubts.push(
      `${counted(unplanned, "task")} of execution that specification does not have: left out.`,
    );
  }
  return doubts;
}

/** A workflow that was never run is WfFormat too, but there is nothing to monitor in it. */
function requireRuntimes(tasks: UnlinkedTask[]): void {
  const without = tasks.filter((task) => task.runtime === null);
  if (without.length === tasks.length) {
    throw new ImportError("its tasks have no run times, so it describes a workflow but no run");
  }
  if (without.length > 0) {
    throw new ImportError(
      `${without.length} of its ${tasks.length} tasks have no run time, the first is ${
        without[0].id
      }`,
    );
  }
  const endless = tasks.find(({ runtime }) => runtime! > LONGEST_S);
  if (endless !== undefined) {
    throw new ImportError(
      `the run time of ${endless.id}, ${endless.runtime} s, is none that a task takes`,
    );
  }
}

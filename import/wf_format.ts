/** Workflow traces in WfFormat, the JSON of WfCommons: what they tell, whatever their version. */
import { ImportError, naming } from "./import_error.ts";
import type { Trace, UnlinkedTask } from "./trace.ts";
import { amountIn, type Fields, isFields, objectIn, textIn } from "./wf_fields.ts";
import { flatTasks } from "./wf_flat.ts";
import { linkTasks } from "./wf_links.ts";
import { machinesOf } from "./wf_machines.ts";
import { splitTasks } from "./wf_split.ts";
import { type ClockTime, parseClockTime } from "./wf_time.ts";

/** Versions before 1.5 have flat tasks; since then the graph and its execution stand apart. */
const FLAT = ["1.0", "1.1", "1.2", "1.3", "1.4"];
const SPLIT = ["1.5", "1.6"];

/**
 * Reads a trace.
 *
 * @param path names the file in messages
 * @throws {ImportError} when the text is not WfFormat, or tells no run.
 */
export function parseTrace(text: string, path: string): Trace {
  let root: unknown;
  try {
    root = JSON.parse(text);
  } catch (error) {
    throw new ImportError(`${path} is not JSON (${(error as Error).message}).`);
  }
  if (!isFields(root) || !isFields(root.workflow)) {
    throw new ImportError(`${path} is JSON, but not a workflow trace in WfFormat.`);
  }
  const fields = root;
  return naming(path, () => traceOf(fields));
}

function traceOf(root: Fields): Trace {
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
  const unlinked = flat ? flatTasks(workflow, version, systemName) : splitTasks(workflow);
  if (unlinked.length === 0) throw new ImportError("it has no tasks");
  requireRuntimes(unlinked);
  const { tasks, unknownLinks } = linkTasks(unlinked);
  return {
    version,
    name: textIn(root, "name") ?? "unnamed",
    system: systemName ?? "unknown",
    systemVersion: textIn(system, "version"),
    author: textIn(objectIn(root, "author"), "name"),
    began: beginning(root, execution),
    makespan: amountIn(execution, "makespanInSeconds", "makespan"),
    tasks,
    machines: machinesOf(execution),
    unknownLinks,
  };
}

function beginning(root: Fields, execution: Fields): ClockTime {
  for (const text of [textIn(execution, "executedAt"), textIn(root, "createdAt")]) {
    const time = text === null ? null : parseClockTime(text);
    if (time !== null) return time;
  }
  throw new ImportError("neither executedAt nor createdAt tells when it ran");
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
}

/** Tasks of WfFormat since version 1.5: the graph and its execution, joined by id. */
import { ImportError } from "./import_error.ts";
import type { UnlinkedTask } from "./trace.ts";
import { amountIn, objectIn, objectsIn, textIn, textsIn, type WfFields } from "./wf_fields.ts";
import { declaredFiles, filesOf } from "./wf_files.ts";
import { machineOf } from "./wf_machines.ts";
import { startIn } from "./wf_start.ts";

/** The tasks of the graph, each with what is told of its execution. */
export function splitTasks(
  workflow: WfFields,
): { tasks: UnlinkedTask[]; /** Executed, but not in the graph. */ unplanned: number } {
  const executed = new Map<string, WfFields>();
  for (const task of objectsIn(objectIn(workflow, "execution"), "tasks")) {
    const id = idOf(task);
    if (executed.has(id)) throw new ImportError(`its execution has two tasks with the id ${id}`);
    executed.set(id, task);
  }
  const seen = new Set<string>();
  const specification = objectIn(workflow, "specification");
  const declared = declaredFiles(specification);
  const tasks = objectsIn(specification, "tasks").map((task) => {
    const id = idOf(task);
    if (seen.has(id)) throw new ImportError(`two of its tasks have the id ${id}`);
    seen.add(id);
    const run = executed.get(id) ?? {};
    return {
      id,
      names: [id],
      name: textIn(task, "name") ?? id,
      category: null,
      program: textIn(objectIn(run, "command"), "program"),
      parents: textsIn(task, "parents"),
      children: textsIn(task, "children"),
      ...filesOf(task, declared),
      runtime: amountIn(run, "runtimeInSeconds"),
      ...startIn(run),
      cores: amountIn(run, "coreCount"),
      cpu: amountIn(run, "avgCPU"),
      read: amountIn(run, "readBytes"),
      written: amountIn(run, "writtenBytes"),
      memory: amountIn(run, "memoryInBytes"),
      machine: machineOf(run),
    };
  });
  const unplanned = [...executed.keys()].reduce((sum, id) => sum + (seen.has(id) ? 0 : 1), 0);
  return { tasks, unplanned };
}

function idOf(task: WfFields): string {
  const id = textIn(task, "id");
  if (id === null) throw new ImportError("one of its tasks has no id");
  return id;
}

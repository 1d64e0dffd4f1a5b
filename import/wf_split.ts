/** Tasks of WfFormat since version 1.5: the graph and its execution, joined by id. */
import { ImportError } from "./import_error.ts";
import type { UnlinkedTask } from "./trace.ts";
import { amountIn, type Fields, objectIn, objectsIn, textIn, textsIn } from "./wf_fields.ts";
import { machineOf } from "./wf_machines.ts";
import { parseClockTime } from "./wf_time.ts";

/** The tasks of the graph, each with what is told of its execution. */
export function splitTasks(workflow: Fields): UnlinkedTask[] {
  const executed = new Map<string, Fields>();
  for (const task of objectsIn(objectIn(workflow, "execution"), "tasks")) {
    const id = idOf(task);
    if (executed.has(id)) throw new ImportError(`its execution has two tasks with the id ${id}`);
    executed.set(id, task);
  }
  const seen = new Set<string>();
  return objectsIn(objectIn(workflow, "specification"), "tasks").map((task) => {
    const id = idOf(task);
    if (seen.has(id)) throw new ImportError(`two of its tasks have the id ${id}`);
    seen.add(id);
    const run = executed.get(id) ?? {};
    const started = textIn(run, "executedAt");
    return {
      id,
      names: [id],
      name: textIn(task, "name") ?? id,
      category: null,
      program: textIn(objectIn(run, "command"), "program"),
      parents: textsIn(task, "parents"),
      children: textsIn(task, "children"),
      inputs: textsIn(task, "inputFiles"),
      outputs: textsIn(task, "outputFiles"),
      runtime: amountIn(run, "runtimeInSeconds"),
      started: started === null ? null : parseClockTime(started),
      cores: amountIn(run, "coreCount"),
      cpu: amountIn(run, "avgCPU"),
      read: amountIn(run, "readBytes"),
      written: amountIn(run, "writtenBytes"),
      memory: amountIn(run, "memoryInBytes"),
      machine: machineOf(run),
    };
  });
}

function idOf(task: Fields): string {
  const id = textIn(task, "id");
  if (id === null) throw new ImportError("one of its tasks has no id");
  return id;
}

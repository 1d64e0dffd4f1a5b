/** Tasks of WfFormat before version 1.5: one list with everything about each of them. */
import { ImportError } from "./import_error.ts";
import type { UnlinkedTask } from "./trace.ts";
import { amountIn, objectIn, objectsIn, textIn, textsIn, type WfFields } from "./wf_fields.ts";
import { filesOf } from "./wf_files.ts";
import { machineOf } from "./wf_machines.ts";
import { startIn } from "./wf_start.ts";

/** Before version 1.5, files have no list of their own. */
const NO_FILES = new Map<string, never>();

/**
 * The tasks, which speak of each other by name or by id. Memory was in kilobytes before 1.4, and so
 * were the bytes read and written, except in traces of Pegasus.
 */
export function flatTasks(
  workflow: WfFields,
  version: string,
  system: string | null,
): UnlinkedTask[] {
  const old = version < "1.4";
  const ioScale = /pegasus/i.test(system ?? "") ? 1 : 1000;
  return objectsIn(workflow, workflow.tasks === undefined ? "jobs" : "tasks").map((task) => {
    const name = textIn(task, "name");
    if (name === null) throw new ImportError("one of its tasks has no name");
    const id = textIn(task, "id");
    const memory = amountIn(task, "memory");
    const bytes = (now: string, before: string) => {
      const count = amountIn(task, before);
      return amountIn(task, now) ?? (count === null ? null : count * ioScale);
    };
    return {
      id: id === null || name.includes(id) ? name : `${name} (${id})`,
      names: id === null ? [name] : [id, name],
      name,
      category: textIn(task, "category"),
      program: textIn(objectIn(task, "command"), "program"),
      parents: textsIn(task, "parents"),
      children: textsIn(task, "children"),
      ...filesOf(task, NO_FILES),
      runtime: amountIn(task, "runtimeInSeconds", "runtime"),
      ...startIn(task),
      cores: amountIn(task, "coreCount", "cores"),
      cpu: amountIn(task, "avgCPU"),
      read: bytes("readBytes", "bytesRead"),
      written: bytes("writtenBytes", "bytesWritten"),
      memory: amountIn(task, "memoryInBytes") ??
        (memory === null ? null : memory * (old ? 1000 : 1)),
      machine: machineOf(task),
    };
  });
}

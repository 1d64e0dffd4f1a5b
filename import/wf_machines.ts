/** The machines of a trace. */
import { ImportError } from "./import_error.ts";
import type { TraceMachine } from "./trace.ts";
import { amountIn, objectIn, objectsIn, textIn, textsIn, type WfFields } from "./wf_fields.ts";

/** Machines, each name once. */
export function machinesOf(execution: WfFields): TraceMachine[] {
  const machines = new Map<string, TraceMachine>();
  for (const fields of objectsIn(execution, "machines")) {
    const name = textIn(fields, "nodeName");
    if (name === null) throw new ImportError("one of its machines has no nodeName");
    const kilobytes = amountIn(fields, "memory");
    machines.set(name, {
      name,
      cores: amountIn(objectIn(fields, "cpu"), "coreCount", "count"),
      memory: amountIn(fields, "memoryInBytes") ?? (kilobytes === null ? null : kilobytes * 1000),
    });
  }
  return [...machines.values()];
}

/** The first of a task's machines; traces name more than one only for parallel programs. */
export function machineOf(fields: WfFields): string | null {
  return textsIn(fields, "machines")[0] ?? textIn(fields, "machine");
}

/** The start of a task as a trace writes it. */
import type { UnlinkedTask } from "./trace.ts";
import { textIn, type WfFields } from "./wf_fields.ts";
import { parseClockTime } from "./wf_time.ts";

/** The start in `executedAt`; a text that is no time is kept apart. */
export function startIn(fields: WfFields): Pick<UnlinkedTask, "started" | "badStart"> {
  const text = textIn(fields, "executedAt");
  const started = text === null ? null : parseClockTime(text);
  return { started, badStart: started === null ? text : null };
}

/** The tables of a task's page: its tries, and its states. */
import type { TableColumn } from "../table/column.ts";
import type { TaskView, TryView } from "./task.ts";

/** How a try ended, in words. */
const OUTCOMES: Readonly<Record<string, string | undefined>> = {
  returned: "its return",
  raised: "an exception",
  killed: "its worker’s death",
};

/** The columns of the table of a task's tries. */
export const TRY_COLUMNS: readonly TableColumn<TryView>[] = [
  { key: "try", label: "Try", kind: "count", value: (t) => t.tryId },
  { key: "executor", label: "Executor", kind: "text", value: (t) => t.executor },
  { key: "host", label: "Host", kind: "text", value: (t) => t.host },
  { key: "block", label: "Block", kind: "text", value: (t) => t.block },
  { key: "launched", label: "Launched", kind: "time", value: (t) => t.launched },
  { key: "running", label: "Running", kind: "time", value: (t) => t.running },
  { key: "ended", label: "Ended", kind: "time", value: (t) => t.ended },
  { key: "queued", label: "Wait", kind: "duration", value: (t) => t.queued },
  { key: "ran", label: "Run time", kind: "duration", value: (t) => t.ran },
  { key: "cpu", label: "CPU time", kind: "measured", value: (t) => t.cpu },
  { key: "memory", label: "Peak memory", kind: "measured", value: (t) => t.memory },
  { key: "worker", label: "Worker", kind: "worker", value: (t) => t.worker },
  {
    key: "outcome",
    label: "Ended by",
    kind: "text",
    value: (t) => OUTCOMES[t.outcome ?? ""] ?? null,
  },
];

/** The same where nobody told who ran them and how they ended. */
export const PLAIN_TRY_COLUMNS = TRY_COLUMNS.filter(({ key }) =>
  key !== "worker" && key !== "outcome"
);

/** One change of a task's state; `invoked` is when the task was. */
export type EventLine = TaskView["events"][number] & { invoked: number | null };

/** The columns of the table of a task's states. */
export const EVENT_COLUMNS: readonly TableColumn<EventLine>[] = [
  { key: "try", label: "Try", kind: "count", value: (e) => e.tryId },
  { key: "state", label: "State", kind: "state", value: (e) => e.state },
  { key: "time", label: "Time", kind: "time", value: (e) => e.time },
  {
    key: "after",
    label: "After invocation",
    kind: "duration",
    value: ({ time, invoked }) => invoked === null ? null : Math.max(0, time - invoked),
  },
];

/** In what the generations of Parsl's schema differ beyond the names of columns. */
import { type AnyColumnName, columnNames } from "./tables.ts";

/** What columns a table of a file has; its name is today's. */
type HasColumn = (table: string, column: string) => boolean;

/** What table `task` said of a task's last try, until there was a table `try`. */
const OF_LAST_TRY: readonly AnyColumnName<"task">[] = [
  "task_executor",
  "hostname",
  "task_time_running",
  "task_fail_history",
];

/** Whether a file's statuses say of which try they are, as they do since August 2020. */
export function numbersTries(has: HasColumn): boolean {
  return columnNames("status", "try_id").some((column) => has("status", column));
}

/** Whether a file has in table `task` what others have in table `try`. */
export function hasTriesInTasks(has: HasColumn): boolean {
  return OF_LAST_TRY.some((column) => has("task", column));
}

/** Whether table `task` does not tell when a task was invoked, but when it was submitted. */
export function lacksInvoked(has: HasColumn): boolean {
  const invoked: AnyColumnName<"task"> = "task_time_invoked";
  return !has("task", invoked);
}

/** Which columns hold the texts that can be searched. */
import { type AnyColumnName, type RunTable } from "./tables.ts";
import type { TextField } from "./text_field.ts";

/** Columns of one table whose texts are searched. */
export interface SearchedColumns {
  table: RunTable;
  columns: readonly string[];
}

function within<T extends RunTable>(
  table: T,
  columns: readonly AnyColumnName<T>[],
): SearchedColumns {
  return { table, columns };
}

const FILES = ["task_stdin", "task_stdout", "task_stderr"] as const;
const ARGUMENTS = ["task_inputs", "task_outputs", "task_args", "task_kwargs"] as const;

/** Where each kind of text is looked for, through all generations of the schema. */
export const SEARCHED: Readonly<Record<TextField, readonly SearchedColumns[]>> = {
  file: [within("task", [...FILES, ...ARGUMENTS])],
  stdout: [within("task", ["task_stdout"])],
  stderr: [within("task", ["task_stderr"])],
  // Before there were tries, tasks had it.
  error: [within("try", ["task_fail_history"]), within("task", ["task_fail_history"])],
};

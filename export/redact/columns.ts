/** What becomes of a column's values. */
export type Treatment = "keep" | "host" | "user" | "path" | "manager" | "remove" | "text";

/** Columns that are treated in one way in whatever table they are. All others are texts. */
const TREATMENTS: Readonly<Record<string, Treatment>> = {
  run_id: "keep",
  workflow_name: "keep",
  task_func_name: "keep",
  task_hashsum: "keep",
  host: "host",
  hostname: "host",
  user: "user",
  username: "user",
  rundir: "path",
  task_stdin: "path",
  task_stdout: "path",
  task_stderr: "path",
  uid: "manager",
  manager_id: "manager",
  task_inputs: "remove",
  task_outputs: "remove",
  task_args: "remove",
  task_kwargs: "remove",
};

/** What becomes of the values of a column. */
export function treatmentOf(column: string): Treatment {
  return Object.hasOwn(TREATMENTS, column) ? TREATMENTS[column] : "text";
}

/** Times, numbers and lists of ids: they say nothing, and most texts of a database are such. */
const PLAIN =
  /^(?:\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d(?:\.\d+)?|-?\d+(?:\.\d+)?(?:e[+-]?\d+)?|\d+(?:, ?\d+)*)?$/i;

/** Whether a text can hold no name: it is a time, a number, a list of ids, or empty. */
export function isPlain(text: string): boolean {
  const first = text.charCodeAt(0);
  // "-" and digits.
  return text === "" || (first === 45 || first >= 48 && first <= 57) && PLAIN.test(text);
}

// A run whose every text is out to break the page that shows it.

import { DatabaseSync } from "node:sqlite";
import { CLIMATE_RUN, type Fixture } from "./fixtures.ts";

/** Runs, were it not shown as text. */
export const HOSTILE = `</script><script>window.hacked=1</script></textarea></style>` +
  `<img src=x onerror="window.hacked=2"><svg onload='window.hacked=3'>"'\`&amp;<!-- ]]> {{x}} 🧪`;

/** Turns what follows around, in a text that does not close what it opens. */
export const BIDI = "left\u202Eright\u2067isolate";

const CONTROLS = Array.from({ length: 32 }, (_, code) => String.fromCharCode(code)).join("") +
  "\x7F\x85\u2028\u2029\uFEFF\uD800";
const LINE = "x<b>".repeat(262_144);
const TRACEBACK = 'Traceback:\n  File "<b>", line 1\n'.repeat(32_768);

/** Tasks by what is hostile about how they failed. */
export const TASKS = { text: 0, line: 1, traceback: 2, controls: 3 };

/** Rewrites a copy of climate.db: its first run has hostile texts wherever a run has texts. */
export function makeHostile({ path }: Fixture): void {
  const database = new DatabaseSync(path);
  const at = (table: string, set: string, values: string[], where = "") =>
    database.prepare(`UPDATE "${table}" SET ${set} WHERE run_id = ? ${where}`)
      .run(...values, CLIMATE_RUN);
  const text = HOSTILE + BIDI;
  at("workflow", "workflow_name = ?, workflow_version = ?, host = ?, user = ?, rundir = ?", [
    `name ${text}`,
    `version ${text}`,
    `host ${text}`,
    `user ${text}`,
    `/run/${text}`,
  ]);
  at(
    "task",
    "task_func_name = task_func_name || ?, task_inputs = ?, task_outputs = ?, task_stdin = ?, " +
      "task_stdout = ?, task_stderr = ?, task_hashsum = ?",
    [text, `in ${text}`, `out ${text}`, `stdin ${text}`, `/out/${text}`, `/err/${text}`, text],
  );
  at("try", "hostname = ?, task_executor = ?, block_id = ?", [text, text, text]);
  at("node", "hostname = ?, uid = ?, block_id = ?, python_v = ?", [text, text, text, text]);
  at("block", "executor_label = ?, job_id = ?, status = ?", [text, text, text]);
  const failures = [`${text}`, LINE, TRACEBACK, `controls ${CONTROLS}`];
  failures.forEach((failure, task) => {
    at("try", "task_fail_history = ?", [failure], `AND task_id = ${task}`);
  });
  database.close();
}

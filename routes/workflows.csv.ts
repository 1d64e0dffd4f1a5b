import { csv, csvTime } from "../model/csv.ts";
import { define } from "../state.ts";
import { loadWorkflowLines } from "./(_lib)/views.ts";

/** The list of workflows as CSV: all of them, the newest first. */
export const handler = define.handlers({
  async GET(ctx) {
    const lines = await loadWorkflowLines(ctx.state.catalog);
    const text = csv(
      "run_id,name,version,status,owner,host,began,completed,duration_seconds,tasks_completed,tasks_failed,tasks_not_run,database",
      lines.map((w) => [
        w.runId,
        w.name,
        w.version,
        w.status,
        w.user,
        w.host,
        csvTime(w.began),
        csvTime(w.completed),
        w.duration === null ? null : w.duration / 1000,
        w.tasksCompleted,
        w.tasksFailed,
        w.tasksNotRun,
        w.database,
      ]),
    );
    return new Response(text, {
      headers: {
        "content-type": "text/csv; charset=utf-8",
        "content-disposition": 'attachment; filename="workflows.csv"',
      },
    });
  },
});

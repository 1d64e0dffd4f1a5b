import { HttpError } from "fresh";
import { parseTaskQuery, selectTasks, tasksCsv } from "../../../model/task_table.ts";
import { define } from "../../../state.ts";

/** The task table as CSV: the search, filter and order of the page, all lines. */
export const handler = define.handlers({
  async GET(ctx) {
    const followed = await ctx.state.catalog.run(ctx.params.run);
    if (!followed) {
      throw new HttpError(404, `No workflow ${ctx.params.run} in the databases that are open.`);
    }
    const { run } = followed;
    const csv = tasksCsv(run, selectTasks(run, parseTaskQuery(ctx.url.searchParams)));
    const name = (run.workflow.name ?? run.runId).replaceAll(/[^\w.-]+/g, "_");
    return new Response(csv, {
      headers: {
        "content-type": "text/csv; charset=utf-8",
        "content-disposition": `attachment; filename="${name}-tasks.csv"`,
      },
    });
  },
});

import { define } from "../../../state.ts";
import { addressOf } from "../../(_lib)/address.ts";
import { taskCsvStream } from "../../(_lib)/task_csv.ts";
import { noSuchRun } from "../../(_lib)/page_error.ts";

/** The task table as CSV: the search, filter and order of the page, all lines. */
export const handler = define.handlers({
  async GET(ctx) {
    const asked = addressOf(ctx.url);
    const followed = await ctx.state.catalog.run(asked.run);
    if (!followed) throw noSuchRun(asked.run, ctx.state);
    const { run } = followed;
    const name = (run.workflow.name || run.runId).replaceAll(/[^\w.-]+/g, "_");
    return new Response(taskCsvStream(run, ctx.url.searchParams), {
      headers: {
        "content-type": "text/csv; charset=utf-8",
        "content-disposition": `attachment; filename="${name}-tasks.csv"`,
      },
    });
  },
});

import { define } from "../../../state.ts";
import { addressOf } from "../../(_lib)/address.ts";
import { csvFile } from "../../(_lib)/csv_file.ts";
import { taskCsvStream } from "../../(_lib)/task_csv.ts";
import { noSuchRun } from "../../(_lib)/page_error.ts";

/** The task table as CSV: the search, filter and order of the page, all lines. */
export const handler = define.handlers({
  async GET(ctx) {
    const asked = addressOf(ctx.url);
    const followed = await ctx.state.catalog.run(asked.run);
    if (!followed) throw noSuchRun(asked.run, ctx.state);
    const { run } = followed;
    return csvFile(run, "tasks", taskCsvStream(run, ctx.url.searchParams));
  },
});

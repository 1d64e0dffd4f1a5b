import { samplesCsv } from "../../../../../model/tasks/samples_csv.ts";
import { define } from "../../../../../state.ts";
import { addressOf } from "../../../../../live/views/address.ts";
import { csvFile } from "../../../../(_lib)/csv_file.ts";
import { noSuchRun, noSuchTask } from "../../../../../live/views/page_error.ts";

/** All samples of a task as CSV, those of all tries. */
export const handler = define.handlers({
  async GET(ctx) {
    const { run, task = "" } = addressOf(ctx.url);
    const followed = await ctx.state.catalog.run(run);
    if (!followed) throw noSuchRun(run, ctx.state);
    const record = /^-?\d{1,15}$/.test(task) ? await followed.task(Number(task)) : null;
    if (!record) throw noSuchTask(run, task);
    return csvFile(followed.run, `task-${task}-samples`, samplesCsv(record.resources));
  },
});

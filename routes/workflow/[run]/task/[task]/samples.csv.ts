import { HttpError } from "fresh";
import { samplesCsv } from "../../../../../model/samples_csv.ts";
import { define } from "../../../../../state.ts";
import { csvFile } from "../../../../(_lib)/csv_file.ts";
import { noSuchRun } from "../../../../(_lib)/views.ts";

/** All samples of a task as CSV, those of all tries. */
export const handler = define.handlers({
  async GET(ctx) {
    const { run, task } = ctx.params;
    const followed = await ctx.state.catalog.run(run);
    if (!followed) throw noSuchRun(run);
    const record = /^\d+$/.test(task) ? await followed.task(Number(task)) : null;
    if (!record) throw new HttpError(404, `This workflow has no task ${task}.`);
    return csvFile(followed.run, `task-${task}-samples`, samplesCsv(record.resources));
  },
});

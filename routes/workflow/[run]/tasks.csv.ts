import { define } from "../../../state.ts";
import { csvFile } from "../../(_lib)/csv_file.ts";
import { csvRequest, taskCsvStream } from "../../(_lib)/task_csv.ts";

/** The task table as CSV: the search, filter and order of the page, all lines. */
export const handler = define.handlers({
  async GET(ctx) {
    const { followed: { run }, params, texts } = await csvRequest(ctx);
    return csvFile(run, "tasks", taskCsvStream(run, params, texts));
  },
});

import { define } from "../../../state.ts";
import { csvFile } from "../../(_lib)/csv_file.ts";
import { csvRequest, triesCsvStream } from "../../(_lib)/task_csv.ts";

/** All tries of the tasks that the page lists, one line each, as CSV. */
export const handler = define.handlers({
  async GET(ctx) {
    const request = await csvRequest(ctx);
    return csvFile(request.followed.run, "tries", triesCsvStream(request));
  },
});

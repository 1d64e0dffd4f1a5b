import { define } from "../../../state.ts";
import { csvRequest, csvResponse, triesCsvStream } from "../../(_lib)/task_csv.ts";

/** All tries of the tasks that the page lists, one line each, as CSV. */
export const handler = define.handlers({
  async GET(ctx) {
    const request = await csvRequest(ctx);
    return csvResponse(request.followed.run, "tries", triesCsvStream(request));
  },
});

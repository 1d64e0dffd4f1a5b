import type { Run } from "../../model/run/run.ts";
import { addressOf } from "../../live/views/address.ts";
import { noSuchRun } from "../../live/views/page_error.ts";
import { define } from "../../state.ts";
import { csvFile } from "./csv_file.ts";

/** Answers with all of a kind that a run has, such as its blocks, as CSV. */
export function runCsv(what: string, csvOf: (run: Run) => string) {
  return define.handlers({
    async GET(ctx) {
      const asked = addressOf(ctx.url);
      const followed = await ctx.state.catalog.run(asked.run);
      if (!followed) throw noSuchRun(asked.run, ctx.state);
      return csvFile(followed.run, what, csvOf(followed.run));
    },
  });
}
